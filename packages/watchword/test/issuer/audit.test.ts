import { describe, expect, it } from "vitest";
import { toAuditRecord } from "../../src/audit-record.ts";
import type { AuditEvent, OwnClaims, TokenEvent } from "../../src/issuer/index.ts";
import { computeKeyId, deriveKey } from "../../src/keys/keys.ts";
import { contractFile } from "../contract-files.ts";
import { issuerOn, replicaOn, signIn } from "./issuer-fixture.ts";
import {
  ask,
  audience,
  claimsOf,
  issue,
  issuer,
  person,
  plugin,
  post,
  realAuth,
  secret,
  signUp,
} from "./real-auth.ts";
import { freshStore } from "./stores.ts";

async function recorded() {
  const events: TokenEvent[] = [];
  const onEvent = (event: TokenEvent) => void events.push(event);
  const { auth, database } = await realAuth({ plugins: [plugin({ onEvent })] });
  const cookie = await signUp(auth);
  // The session's own event is looked at below.
  events.length = 0;
  return { auth, database, events, cookie };
}

describe("the audit trail", () => {
  it("holds one event per token, which names user, session, token and key", async () => {
    const { auth, events, cookie } = await recorded();
    const { token, expiresAt } = await issue(auth, cookie);
    const { sub, sid, jti } = claimsOf(token);
    expect(events).toEqual([
      {
        name: "watchword.token.issued",
        at: expect.any(Number),
        userId: sub,
        sessionId: sid,
        tokenId: jti,
        keyId: computeKeyId(deriveKey(secret, audience)),
        audience,
        expiresAt,
      },
    ]);
  });

  it("holds an event for a server's own call", async () => {
    const { auth, events, cookie } = await recorded();
    await auth.api.getToken({ headers: new Headers({ cookie }) });
    expect(events.map(({ name }) => name)).toEqual(["watchword.token.issued"]);
  });

  it("holds one event per refusal", async () => {
    const { auth, events } = await recorded();
    await ask(auth, "/token");
    await ask(auth, "/token", { headers: { origin: "https://evil.test" } });
    expect(events.map((event) => "code" in event && event.code)).toEqual([
      "NOT_SIGNED_IN",
      "UNTRUSTED_ORIGIN",
    ]);
  });

  it("names the request, when its id has the documented form", async () => {
    const { auth, events, cookie } = await recorded();
    await ask(auth, "/token", { headers: { cookie, "x-request-id": "req_12345678" } });
    await ask(auth, "/token", { headers: { cookie, "x-request-id": "a b" } });
    expect(events.map(({ requestId }) => requestId)).toEqual(["req_12345678", undefined]);
  });

  it("holds an event for every session that begins, and names its request", async () => {
    const { auth, database, events } = await recorded();
    const headers = { "content-type": "application/json", origin: issuer, "x-request-id": "req_12345678" };
    const { email, password } = person;
    const body = JSON.stringify({ email, password });
    await ask(auth, "/sign-in/email", { method: "POST", headers, body });
    const row = database.prepare("select id, userId from session order by rowid desc").get();
    expect(events).toEqual([
      {
        name: "watchword.session.started",
        at: expect.any(Number),
        sessionId: row?.["id"],
        userId: row?.["userId"],
        requestId: "req_12345678",
      },
    ]);
  });

  it.each([
    ["without", { revocation: false }],
    ["with", { revocation: { feedSecret: "Vr9tYw3mQe6uBx1cKz8nHs5dJf2gLa7p" } }],
  ])("holds one event for a sign-in and one for a sign-out %s the revocation feed", async (_, options) => {
    const { auth, events } = await issuerOn(await freshStore("SQLite"), { watchword: options });
    const cookie = await signUp(auth);
    const headers = { cookie, "content-type": "application/json", origin: issuer };
    const signOut = { method: "POST", headers: { ...headers, "x-request-id": "req_12345678" }, body: "{}" };
    expect((await ask(auth, "/sign-out", signOut)).status).toBe(200);
    const [started] = events;
    const { sessionId, userId } = started as { sessionId: string; userId: string };
    const session = { at: expect.any(Number), sessionId, userId };
    expect(events.filter(({ name }) => name !== "watchword.session.revoked")).toEqual([
      { name: "watchword.session.started", ...session },
      { name: "watchword.session.ended", ...session, requestId: "req_12345678" },
    ]);
  });

  it("holds an event for every session that a new password ends", async () => {
    const { auth, events } = await issuerOn(await freshStore("SQLite"), {
      watchword: { revocation: false },
    });
    const cookie = await signUp(auth);
    await signIn(auth);
    events.length = 0;
    const change = { currentPassword: person.password, newPassword: "another horse battery" };
    const { status } = await post(auth, "/change-password", { ...change, revokeOtherSessions: true }, cookie);
    expect(status).toBe(200);
    expect(events.map(({ name }) => name).sort()).toEqual([
      "watchword.session.ended",
      "watchword.session.ended",
      "watchword.session.started",
    ]);
  });

  it("holds an event for every sign-in that is refused, and nothing of what was sent", async () => {
    const { auth, events } = await recorded();
    const wrong = { email: person.email, password: "hunter2-hunter2" };
    expect((await post(auth, "/sign-in/email", wrong)).status).toBe(401);
    expect(events).toEqual([
      { name: "watchword.sign_in.refused", at: expect.any(Number), code: "INVALID_EMAIL_OR_PASSWORD" },
    ]);
  });

  it("holds no token, no key, no secret and no cookie", async () => {
    const { auth, database, events, cookie } = await recorded();
    const { token } = await issue(auth, cookie);
    const sessionToken = String(database.prepare("select token from session").get()?.["token"]);
    const trail = JSON.stringify(events);
    for (const secretText of [
      token,
      ...token.split("."),
      sessionToken,
      secret,
      deriveKey(secret, audience),
    ]) {
      expect(trail).not.toContain(secretText);
    }
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("disk full");
      },
    ],
    ["rejects", () => Promise.reject(new Error("disk full"))],
  ])("changes nothing when its handler %s", async (_, onEvent) => {
    const { auth } = await realAuth({ plugins: [plugin({ onEvent })] });
    await expect(issue(auth, await signUp(auth))).resolves.toMatchObject({ expiresIn: 900 });
  });

  it("cannot be changed by its handler", async () => {
    const { auth } = await realAuth({
      plugins: [
        plugin({
          onEvent: (event) => {
            Object.assign(event, { userId: "eve" });
          },
        }),
      ],
    });
    await expect(issue(auth, await signUp(auth))).resolves.toMatchObject({ expiresIn: 900 });
  });
});

describe("events as the contract has them", () => {
  interface EventFile {
    events: { name: string; side: string; facts: string[]; optional: string[] }[];
  }
  const { events: known } = contractFile<EventFile>("events.json");

  /** Whatever an issuer tells in the course of a day, by name. */
  async function aDay(): Promise<{ events: readonly AuditEvent[]; secrets: readonly string[] }> {
    const store = await freshStore("SQLite");
    const revocation = { feedSecret: "Vr9tYw3mQe6uBx1cKz8nHs5dJf2gLa7p" };
    const first = await issuerOn(store, { watchword: { keys: {}, revocation } });
    const cookie = await signUp(first.auth);
    const { token } = await issue(first.auth, cookie);
    await ask(first.auth, "/token", { headers: { "x-request-id": "req_12345678" } });
    await post(first.auth, "/sign-in/email", { ...person, password: "wrong horse battery" });
    await post(first.auth, "/sign-out", {}, cookie);
    await post(first.auth, "/revoke-sessions", {}, await signIn(first.auth));
    const second = await replicaOn(store, {
      watchword: { keys: {}, revocation },
      options: { secret: "hT8wKz2Qv5Nc9RmX4bLp7YjD1sGf6aEu" },
    });
    await ask(second.auth, "/jwks");
    const rows = await store.query(`select token from "session"`);
    const [key] = await store.query(`select "privateKey" from "watchwordKey"`);
    const secrets = [
      token,
      cookie.split("=")[1],
      secret,
      revocation.feedSecret,
      person.password,
      key?.["privateKey"],
    ];
    return {
      events: [...first.events, ...second.events],
      secrets: [...secrets, ...rows.map((row) => row["token"])].map(String),
    };
  }

  it("have the contract's names and facts, each of them", async () => {
    const { events: told } = await aDay();
    const issuerEvents = known.filter(({ side }) => side === "issuer");
    expect(new Set(told.map(({ name }) => name))).toEqual(new Set(issuerEvents.map(({ name }) => name)));
    for (const { name, at, ...facts } of told) {
      const { facts: needed = [], optional = [] } = issuerEvents.find((one) => one.name === name) ?? {};
      const given = Object.keys(facts);
      expect(
        needed.filter((one) => !given.includes(one)),
        name,
      ).toEqual([]);
      expect(
        given.filter((one) => ![...needed, ...optional].includes(one)),
        name,
      ).toEqual([]);
      expect(at).toBeGreaterThan(1_700_000_000);
    }
  });

  it("hold no token, cookie, password, key or secret of that day", async () => {
    const { events, secrets } = await aDay();
    const trail = JSON.stringify(events) + JSON.stringify(events.map(toAuditRecord));
    expect(secrets.length).toBeGreaterThanOrEqual(6);
    expect(secrets.filter((one) => one.length < 16 || trail.includes(one))).toEqual([]);
  });
});

describe("the operator's log", () => {
  it("names the claim that definePayload may not give, and no value", async () => {
    const lines: string[] = [];
    const log = (level: string, ...line: unknown[]) => void lines.push(`${level} ${line.join(" ")}`);
    const definePayload = () => ({ sub: "mallory" }) as unknown as OwnClaims;
    const { auth } = await realAuth({ logger: { log }, plugins: [plugin({ definePayload })] });
    await ask(auth, "/token", { headers: { cookie: await signUp(auth) } });
    const written = lines.filter((line) => line.includes("[watchword]"));
    expect(written).toEqual([
      "error [watchword] No token was made: the user's id does not fit into a URL. Give users ids of at most 255 characters without /, ?, #, % and white space.",
    ]);
    expect(lines.join()).not.toContain("mallory");
  });

  it("tells that an audit handler has failed, and not why", async () => {
    const lines: string[] = [];
    const log = (_: string, ...line: unknown[]) => void lines.push(line.join(" "));
    const onEvent = () => Promise.reject(new Error("password=hunter2"));
    const { auth } = await realAuth({ logger: { log }, plugins: [plugin({ onEvent })] });
    await issue(auth, await signUp(auth));
    expect(lines).toContain("[watchword] onEvent failed for watchword.token.issued.");
    expect(lines.join()).not.toContain("hunter2");
  });
});
