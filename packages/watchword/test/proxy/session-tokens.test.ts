import { describe, expect, it } from "vitest";
import { createSessionTokens, type SessionAuth } from "../../src/adapters/next.ts";
import { ConfigurationError } from "../../src/index.ts";
import type { LiveSession } from "../../src/proxy/session-tokens.ts";
import { fixedClock } from "../../src/testing/index.ts";
import { claimsOf } from "../issuer/real-auth.ts";
import { stage } from "./proxy-stage.ts";

const session = (id: string, userId = `user-of-${id}`): LiveSession => ({
  sessionId: id,
  userId,
  cookie: `s=${id}`,
  setCookies: [],
});

const jwtOf = (claims: object, mark: number) =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.${mark}`;

/** Gives tokens of 900 seconds and counts them; what it is asked for can be held back, or refused. */
function issuer(now = 1_000) {
  const clock = fixedClock(now);
  const state = { issued: 0, failing: undefined as unknown, gate: Promise.resolve() };
  const auth = {
    $context: Promise.resolve({
      baseURL: "https://app.test/api/auth",
      authCookies: { sessionToken: { name: "s", attributes: {} } },
    }),
    api: {
      getSession: () => expect.unreachable(),
      getToken: async ({ headers }) => {
        await state.gate;
        if (state.failing !== undefined) throw state.failing;
        state.issued += 1;
        const sid = headers.get("cookie")?.slice(2) ?? "";
        return { token: jwtOf({ sid, sub: `user-of-${sid}` }, state.issued), expiresIn: 900 };
      },
    },
  } satisfies SessionAuth;
  return { auth, clock, state };
}

describe("tokens remembered on the server", () => {
  it("one serves a session until 30 seconds before its end", async () => {
    const { auth, clock, state } = issuer();
    const tokens = createSessionTokens({ auth, clock });
    const first = await tokens.token(session("a"));
    clock.advance(869);
    expect(await tokens.token(session("a"))).toBe(first);
    clock.advance(1);
    expect(await tokens.token(session("a"))).not.toBe(first);
    expect(state.issued).toBe(2);
  });

  it("requests at the same time share one", async () => {
    const { auth, clock, state } = issuer();
    const tokens = createSessionTokens({ auth, clock });
    const given = await Promise.all(Array.from({ length: 20 }, () => tokens.token(session("a"))));
    expect([new Set(given).size, state.issued]).toEqual([1, 1]);
  });

  it("each session has its own", async () => {
    const { auth, clock, state } = issuer();
    const tokens = createSessionTokens({ auth, clock });
    const [a, b] = await Promise.all([tokens.token(session("a")), tokens.token(session("b"))]);
    expect(a).not.toBe(b);
    expect([await tokens.token(session("a")), await tokens.token(session("b"))]).toEqual([a, b]);
    expect(state.issued).toBe(2);
  });

  it("is given to nobody whom it does not name", async () => {
    const { auth, clock } = issuer();
    const tokens = createSessionTokens({ auth, clock });
    expect(await tokens.token(session("a"))).toBeTypeOf("string");
    expect(await tokens.token(session("a", "another"))).toBeNull();
    expect(await tokens.token({ ...session("a"), cookie: "s=b" })).toBeTypeOf("string");
    tokens.forget("a");
    expect(await tokens.token({ ...session("a"), cookie: "s=b" })).toBeNull();
  });

  it("the bound holds: who was remembered first is forgotten first, the expired before that", async () => {
    const { auth, clock, state } = issuer();
    const tokens = createSessionTokens({ auth, clock, maxSessions: 2 });
    for (const id of ["a", "b", "c"]) await tokens.token(session(id));
    expect([tokens.size, state.issued]).toEqual([2, 3]);
    await tokens.token(session("b"));
    expect(state.issued).toBe(3);
    clock.advance(4_000);
    await tokens.token(session("d"));
    expect(tokens.size).toBe(1);
  });

  it("one that is on its way when its session ends is not remembered", async () => {
    const { auth, clock, state } = issuer();
    const tokens = createSessionTokens({ auth, clock });
    let open = () => {};
    state.gate = new Promise((resolve) => {
      open = resolve;
    });
    const asked = tokens.token(session("a"));
    tokens.forget("a");
    open();
    await asked;
    expect(tokens.size).toBe(0);
  });

  it("the old one serves while no new one can be made, as long as it lives", async () => {
    const { auth, clock, state } = issuer();
    const tokens = createSessionTokens({ auth, clock });
    const first = await tokens.token(session("a"));
    state.failing = Object.assign(new Error("down"), { statusCode: 503 });
    clock.advance(899);
    expect(await tokens.token(session("a"))).toBe(first);
    clock.advance(1);
    await expect(tokens.token(session("a"))).rejects.toMatchObject({ code: "unavailable" });
  });

  it("none is made for a session that has ended meanwhile", async () => {
    const { auth, clock, state } = issuer();
    state.failing = Object.assign(new Error("gone"), { statusCode: 401 });
    expect(await createSessionTokens({ auth, clock }).token(session("a"))).toBeNull();
  });

  it("a refused one is replaced, and the replacement not again within ten seconds", async () => {
    const { auth, clock } = issuer();
    const tokens = createSessionTokens({ auth, clock });
    const first = (await tokens.token(session("a"))) as string;
    const second = (await tokens.replacement(session("a"), first)) as string;
    expect(second).not.toBe(first);
    expect(await tokens.replacement(session("a"), first)).toBe(second);
    expect(await tokens.replacement(session("a"), second)).toBeNull();
    clock.advance(10);
    expect(await tokens.replacement(session("a"), second)).toBeTypeOf("string");
  });

  it.each([0, -1, 1.5, Number.NaN])("a bound of %s stops the start", (maxSessions) => {
    expect(() => createSessionTokens({ auth: issuer().auth, maxSessions })).toThrow(ConfigurationError);
  });
});

describe("the session behind them", () => {
  it("is read by the cookie alone: no other header makes somebody of anybody", async () => {
    const { tokens, ada } = await stage();
    const token = (await tokens.current(new Headers({ cookie: ada.cookie })))?.token ?? "";
    expect(claimsOf(token)).toMatchObject({ sub: ada.userId, sid: ada.sessionId });
    expect(await tokens.current(new Headers({ authorization: `Bearer ${token}` }))).toBeNull();
    expect(await tokens.current(new Headers())).toBeNull();
  });

  it("is prolonged only where its cookie can be set, and then brings that cookie", async () => {
    const { tokens, ada, database } = await stage({ ownDatabase: true });
    const headers = new Headers({ cookie: ada.cookie });
    expect((await tokens.session(headers, true))?.setCookies).toEqual([]);
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    database.exec(`UPDATE session SET expiresAt = '${soon}'`);
    const expiry = () =>
      (database.prepare("SELECT expiresAt FROM session").get() as { expiresAt: string }).expiresAt;
    expect((await tokens.session(headers))?.setCookies).toEqual([]);
    expect(expiry()).toBe(soon);
    const prolonged = await tokens.session(headers, true);
    expect(
      prolonged?.setCookies.some((one) => /^__Secure-better-auth\.session_token=.*HttpOnly/.test(one)),
    ).toBe(true);
    expect(expiry() > soon).toBe(true);
  });
});
