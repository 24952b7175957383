import { APIError } from "better-auth/api";
import { describe, expect, it } from "vitest";
import type { OwnClaims, TokenEvent, WatchwordOptions } from "../../src/issuer/index.ts";
import { ask, claimsOf, issue, person, plugin, realAuth, signUp } from "./real-auth.ts";

type DefinePayload = NonNullable<WatchwordOptions["definePayload"]>;

async function issued(options: Partial<WatchwordOptions>) {
  const { auth } = await realAuth({ plugins: [plugin(options)] });
  return claimsOf((await issue(auth, await signUp(auth))).token);
}

async function refused(definePayload: DefinePayload) {
  const events: TokenEvent[] = [];
  const { auth } = await realAuth({
    plugins: [plugin({ definePayload, onEvent: (event) => void events.push(event) })],
  });
  const cookie = await signUp(auth);
  events.length = 0;
  const response = await ask(auth, "/token", { headers: { cookie } });
  return { status: response.status, body: await response.json(), events };
}

const internal = { code: "INVALID_CLAIMS", message: "The token could not be made." };

describe("own claims", () => {
  it("stand beside the default ones", async () => {
    const definePayload: DefinePayload = async ({ user, session }) => ({
      plan: "pro",
      verified: user.emailVerified,
      since: session.createdAt.getTime() > 0,
    });
    expect(await issued({ definePayload })).toMatchObject({
      plan: "pro",
      verified: false,
      since: true,
      email: person.email,
    });
  });

  it("leave out or replace email and name", async () => {
    const claims = await issued({ definePayload: () => ({ email: undefined, name: "A." }) });
    expect(claims).not.toHaveProperty("email");
    expect(claims["name"]).toBe("A.");
  });

  it.each(["iss", "aud", "sub", "iat", "exp", "nbf", "jti", "sid"])(
    "never carry the registered claim %s: the request is refused and the log names it",
    async (claim) => {
      const { status, body, events } = await refused(() => ({ [claim]: "x" }) as OwnClaims);
      expect([status, body]).toEqual([500, internal]);
      expect(events).toEqual([
        { name: "watchword.token.refused", at: expect.any(Number), code: "INVALID_CLAIMS", claim },
      ]);
    },
  );

  it("are given the session without its token", async () => {
    let members: string[] = [];
    await issued({
      definePayload: ({ session }) => {
        members = Object.keys(session);
        return {};
      },
    });
    expect(members).toContain("id");
    expect(members).not.toContain("token");
  });

  it.each<[string, (token: string) => OwnClaims, string | undefined]>([
    ["as a value", (token) => ({ leak: token }), "leak"],
    ["deep inside", (token) => ({ leak: { list: [{ a: token }] } }), "leak"],
    ["inside a longer text", (token) => ({ leak: `Bearer ${token}.` }), "leak"],
    ["as the name of a member", (token) => ({ leak: { [token]: 1 } }), "leak"],
    ["as the name of a claim", (token) => ({ [token]: 1 }), undefined],
  ])("never carry the session's token %s", async (_, leak, claim) => {
    const events: TokenEvent[] = [];
    let sessionToken = "";
    const { auth, database } = await realAuth({
      plugins: [
        plugin({ definePayload: () => leak(sessionToken), onEvent: (event) => void events.push(event) }),
      ],
    });
    const cookie = await signUp(auth);
    events.length = 0;
    sessionToken = String(database.prepare("select token from session").get()?.["token"]);
    const response = await ask(auth, "/token", { headers: { cookie } });
    expect([response.status, await response.json()]).toEqual([500, internal]);
    expect(JSON.stringify(events)).not.toContain(sessionToken);
    expect(events).toMatchObject([{ code: "INVALID_CLAIMS", ...(claim && { claim }) }]);
  });

  it.each<[string, unknown]>([
    ["a list", []],
    ["nothing", undefined],
    ["a big integer", { big: 1n }],
    ["a key binding, which makes every verifier refuse the token", { cnf: { jkt: "x" } }],
    ["the shape of Better Auth's session cookie", { session: {}, user: {} }],
    ["more than a token may hold", { blob: "x".repeat(9000) }],
  ])("that are %s are refused", async (_, own) => {
    const { status, body } = await refused(() => own as OwnClaims);
    expect([status, body]).toEqual([500, internal]);
  });
});

describe("a definePayload that fails", () => {
  it("gives no token and tells the caller nothing of the failure", async () => {
    const { status, body, events } = await refused(() => Promise.reject(new Error("password=hunter2")));
    expect([status, body]).toEqual([500, internal]);
    expect(events).toMatchObject([{ name: "watchword.token.refused", code: "INVALID_CLAIMS" }]);
  });

  it("with an APIError refuses in the application's own words", async () => {
    const definePayload = () => {
      throw new APIError("FORBIDDEN", { code: "NO_PLAN", message: "Choose a plan first." });
    };
    const { status, body } = await refused(definePayload);
    expect([status, body]).toEqual([403, { code: "NO_PLAN", message: "Choose a plan first." }]);
  });
});

describe("scope", () => {
  it.each([
    ["tasks:read tasks:write", "tasks:read tasks:write"],
    [["tasks:read", "tasks:write"], "tasks:read tasks:write"],
  ])("%j becomes the text of the claim", async (scope, expected) => {
    expect((await issued({ scope }))["scope"]).toBe(expected);
  });

  it("is absent by default", async () => {
    expect(await issued({})).not.toHaveProperty("scope");
  });
});
