import { admin, username } from "better-auth/plugins";
import { describe, expect, it } from "vitest";
import { issuerOn } from "../issuer-fixture.ts";
import { claimsOf, issue, person, plugin, post, signUp } from "../real-auth.ts";
import { freshStore } from "../stores.ts";

const options = () => ({
  plugins: [admin(), username(), plugin({ revocation: { replicaClockSkewSeconds: 0 } })],
});

const badNames = [
  "",
  "   ",
  "x".repeat(101),
  "x".repeat(12_000),
  "a\u0000b",
  "a\nb",
  "\ud800",
  "a\u2028b",
  "\u200b",
  "\ufeff\u2060",
];

describe.each(["SQLite", "PostgreSQL"] as const)("what a user may be called, on %s", (name) => {
  it("is bounded alike at sign-up and afterwards", async () => {
    const { auth } = await issuerOn(await freshStore(name), { options: options() });
    const cookie = await signUp(auth);
    const code = async (response: Promise<Response>) => {
      const answer = await response;
      return [answer.status, ((await answer.json()) as { code?: string }).code];
    };
    for (const bad of badNames) {
      const user = { ...person, email: "other@app.test", name: bad };
      expect([bad, await code(post(auth, "/sign-up/email", user))]).toEqual([bad, [400, "INVALID_NAME"]]);
      expect([bad, await code(post(auth, "/update-user", { name: bad }, cookie))]).toEqual([
        bad,
        [400, "INVALID_NAME"],
      ]);
    }
    for (const bad of [5, null])
      expect(await code(post(auth, "/update-user", { name: bad }, cookie))).toEqual([400, "INVALID_NAME"]);
    const image = `https://x.test/${"x".repeat(2100)}`;
    expect(await code(post(auth, "/update-user", { image }, cookie))).toEqual([400, "INVALID_IMAGE"]);
    const email = `${"x".repeat(60)}@${"y".repeat(60)}.${"z".repeat(60)}.${"y".repeat(60)}.${"w".repeat(20)}.test`;
    expect(await code(post(auth, "/sign-up/email", { ...person, email }))).toEqual([400, "INVALID_EMAIL"]);
    const displayUsername = "y".repeat(9_000);
    expect(await code(post(auth, "/update-user", { username: "ada", displayUsername }, cookie))).toEqual([
      400,
      "INVALID_NAME",
    ]);
    expect((await post(auth, "/update-user", { username: "ad\u0000a" }, cookie)).status).toBe(400);
    const fine = `${"😀".repeat(100)}`;
    expect((await post(auth, "/update-user", { name: ` ${fine} ` }, cookie)).status).toBe(200);
    expect(claimsOf((await issue(auth, cookie)).token)["name"]).toBe(fine);
  });
});

describe("a user whose row was written before names were bounded", () => {
  it.each(["x".repeat(6_000), "x".repeat(12_000), "a\ud800"])(
    "gets tokens, without the claims that do not fit",
    async (long) => {
      const store = await freshStore("SQLite");
      const { auth, context } = await issuerOn(store, { options: options() });
      const cookie = await signUp(auth);
      await context.adapter.update({
        model: "user",
        where: [{ field: "email", value: person.email }],
        update: { name: long },
      });
      const claims = claimsOf((await issue(auth, cookie)).token);
      expect(["name" in claims, claims["email"]]).toEqual([
        long === "a\ud800" && "name" in claims,
        person.email,
      ]);
    },
  );
});

describe("a name that a provider gives", () => {
  it("is made to fit, so that its user can sign in", async () => {
    const { context } = await issuerOn(await freshStore("SQLite"), { options: options() });
    const names = await Promise.all(
      [" ", "x".repeat(300), "Ada\u0000 Lovelace"].map(async (name, index) => {
        const user = await context.internalAdapter.createUser(
          { email: `ada${index}@provider.test`, name, emailVerified: true },
          { method: "oauth" } as never,
        );
        return user.name;
      }),
    );
    expect(names).toEqual(["ada0", "x".repeat(100), "Ada  Lovelace"]);
  });
});
