import { beforeEach, expect, it } from "vitest";
import type { ApiCaller, User } from "../support/api-caller.ts";
import { expectFaults, expectRefusal } from "../support/conformance.ts";
import { describeBackends } from "../support/suite.ts";
import { tokenFor } from "../support/token.ts";

const path = "/api/v1/users/me";

describeBackends("a profile is its user's own", (api: ApiCaller) => {
  let ann: User;
  const put = (json: unknown, token = ann.token) => api.ask("PUT", path, { token, json });
  const read = async (token = ann.token) => (await api.ask("GET", path, { token })).json();

  beforeEach(() => {
    ann = api.user();
  });

  it("is made from the token's claims on first sight", async () => {
    expect(await read()).toEqual({ id: ann.id, email: ann.email, name: ann.name, username: null });
  });

  it("is made on first sight by a write too", async () => {
    expect((await put({ username: "ann" })).json()).toEqual({
      id: ann.id,
      email: ann.email,
      name: ann.name,
      username: "ann",
    });
  });

  it("has nulls where the token says nothing", async () => {
    const token = tokenFor(api.realm, ann.id);
    expect(await read(token)).toEqual({ id: ann.id, email: null, name: null, username: null });
  });

  it("keeps what it was made from when later tokens say otherwise", async () => {
    await read();
    const token = tokenFor(api.realm, ann.id, { email: "new@example.test", name: "New" });
    expect(await read(token)).toEqual({ id: ann.id, email: ann.email, name: ann.name, username: null });
  });

  it("takes the members sent, clears those sent as null and keeps the rest", async () => {
    expect((await put({ username: "ann.b-c_1" })).json()).toMatchObject({
      email: ann.email,
      username: "ann.b-c_1",
    });
    expect((await put({ name: "Ann" })).json()).toMatchObject({ name: "Ann", username: "ann.b-c_1" });
    expect((await put({ name: null, email: null, username: null })).json()).toEqual({
      id: ann.id,
      email: null,
      name: null,
      username: null,
    });
    expect((await put({})).json()).toEqual({ id: ann.id, email: null, name: null, username: null });
    expect(await read()).toEqual({ id: ann.id, email: null, name: null, username: null });
  });

  it("of another user is out of reach whatever the body says", async () => {
    const ben = api.user();
    const before = await read(ben.token);
    await put({ id: ben.id, user_id: ben.id, sub: ben.id, name: "taken over" });
    expect(await read(ben.token)).toEqual(before);
    expect(await read()).toMatchObject({ id: ann.id, name: "taken over" });
  });

  it("may have the same username and e-mail as another's", async () => {
    const ben = api.user();
    for (const token of [ann.token, ben.token])
      expect((await put({ username: "same", email: "same@example.test" }, token)).status).toBe(200);
  });

  it("seen first by many requests at once is made once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => api.ask("GET", path, { token: ann.token })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  const faults: readonly (readonly [json: unknown, ...faults: string[]])[] = [
    [[], "body  invalid_type"],
    [null, "body  invalid_type"],
    [{ email: 7 }, "body /email invalid_type"],
    [{ email: "" }, "body /email too_short"],
    [{ email: "a@" }, "body /email too_short"],
    [{ email: "abc" }, "body /email invalid_format"],
    [{ email: "a b@c.d" }, "body /email invalid_format"],
    [{ email: "a@b@c" }, "body /email invalid_format"],
    [{ email: "a@b\n" }, "body /email invalid_format"],
    [{ email: "\na@b" }, "body /email invalid_format"],
    [{ email: `${"a".repeat(320)}@b` }, "body /email too_long"],
    [{ email: "a@b\u0000" }, "body /email invalid_text"],
    [{ name: "" }, "body /name too_short"],
    [{ name: " \t" }, "body /name blank"],
    [{ name: "n".repeat(201) }, "body /name too_long"],
    [{ name: false }, "body /name invalid_type"],
    [{ username: "" }, "body /username too_short"],
    [{ username: "u".repeat(51) }, "body /username too_long"],
    [{ username: "with space" }, "body /username invalid_format"],
    [{ username: "line\n" }, "body /username invalid_format"],
    [{ username: "\u00fcml\u00e4ut" }, "body /username invalid_format"],
    [{ username: "\uff11" }, "body /username invalid_format"],
    [{ username: ["a"] }, "body /username invalid_type"],
    [
      { username: 1, name: 1, email: 1 },
      "body /email invalid_type",
      "body /name invalid_type",
      "body /username invalid_type",
    ],
    [{ email: "good@example.test", name: "" }, "body /name too_short"],
  ];
  for (const [json, ...expected] of faults)
    it(`${JSON.stringify(json)} is 422 and changes nothing`, async () => {
      const before = await read();
      expectFaults(await put(json), ...expected);
      expect(await read()).toEqual(before);
    });

  it("a body that cannot be read is refused as everywhere", async () => {
    const json = [["Content-Type", "application/json"]] as const;
    expectRefusal(
      await api.ask("PUT", path, { token: ann.token, headers: json, body: "{" }),
      "malformed_body",
    );
    expectRefusal(
      await api.ask("PUT", path, { token: ann.token, headers: json, body: "" }),
      "malformed_body",
    );
    expectRefusal(await api.ask("PUT", path, { token: ann.token, body: "{}" }), "unsupported_media_type");
    expectRefusal(
      await api.ask("PUT", path, { token: ann.token, headers: json, body: " ".repeat(70_000) }),
      "body_too_large",
    );
  });

  const oddClaims: readonly (readonly [what: string, claims: object])[] = [
    ["an e-mail that is no address", { email: "not an address" }],
    ["an e-mail of the wrong type", { email: 7 }],
    ["an empty e-mail", { email: "" }],
    ["an e-mail that is too long", { email: `${"a".repeat(320)}@b` }],
    ["a name of the wrong type", { name: {} }],
    ["a name with U+0000", { name: "a\u0000b" }],
    ["a name of white space", { name: "  " }],
    ["a name that is too long", { name: "n".repeat(201) }],
  ];
  it.each(oddClaims)("made from a token with %s has null there", async (_what, claims) => {
    const profile = await read(tokenFor(api.realm, ann.id, { email: ann.email, name: ann.name, ...claims }));
    expect(profile).toEqual({
      id: ann.id,
      email: "email" in claims ? null : ann.email,
      name: "name" in claims ? null : ann.name,
      username: null,
    });
  });

  it("is not touched by a role or scope of the wrong type", async () => {
    for (const claims of [{ role: ["admin"] }, { role: 7 }, { scope: 7 }, { scope: [] }]) {
      const answer = await api.ask("GET", path, { token: tokenFor(api.realm, ann.id, claims) });
      expect(answer.status).toBe(200);
    }
  });
});
