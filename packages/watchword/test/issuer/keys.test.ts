import { jwt } from "better-auth/plugins";
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import {
  type AuditEvent,
  type KeyOptions,
  type WatchwordOptions,
  watchword,
} from "../../src/issuer/index.ts";
import { type AdjustableClock, fixedClock } from "../../src/testing/fixed-clock.ts";
import type { Verifier } from "../../src/token/verify.ts";
import { issuerOn, replicaOn } from "./issuer-fixture.ts";
import { ask, audience, issue, issuer, plugin, realAuth, secret, signUp } from "./real-auth.ts";
import { freshStore, type Store } from "./stores.ts";

const day = 86_400;
const newSecret = "hT8wKz2Qv5Nc9RmX4bLp7YjD1sGf6aEu";

type Handler = Parameters<typeof ask>[0];

/** An issuer in public-key mode on a clock that can be moved by weeks, with a session that outlives them. */
async function publicIssuer(
  keys: KeyOptions = {},
  { store, clock, ...rest }: { store?: Store; clock?: AdjustableClock } & Partial<WatchwordOptions> = {},
) {
  const time = clock ?? fixedClock(Math.floor(Date.now() / 1000));
  const own = store ?? (await freshStore("SQLite"));
  const issuing = await issuerOn(own, settings(keys, time, rest));
  return { ...issuing, store: own, clock: time, cookie: await signUp(issuing.auth) };
}

function settings(keys: KeyOptions, clock: AdjustableClock, rest: Partial<WatchwordOptions> = {}) {
  return {
    watchword: { revocation: false, keys, clock, ...rest },
    options: { session: { expiresIn: 400 * day, disableSessionRefresh: true } },
  };
}

async function keySet(auth: Handler, path = "/jwks"): Promise<JSONWebKeySet> {
  return (await (await ask(auth, path)).json()) as JSONWebKeySet;
}

/** A verifier as an API has it, which reads the keys where they are published. */
function follower(auth: Handler, clock: AdjustableClock, more: object = {}): Verifier {
  const fetch = async () => ask(auth, "/.well-known/jwks.json");
  return createVerifier({ issuer, audience, clock, fetch, jwksUrl: "https://app.test/jwks", ...more });
}

/** The fixture's type does not know the options that a test gives. */
interface Rotating {
  rotateSigningKey(given?: { body: { compromised: boolean } }): Promise<{ keyId: string }>;
}

const keyIdOf = (token: string) => decodeProtectedHeader(token).kid;
const rotations = (events: readonly AuditEvent[]) =>
  events.flatMap((event) => (event.name === "watchword.key.rotated" ? [event.reason] : []));

describe.each(["EdDSA", "ES256", "RS256", "PS256"] as const)("a token under %s", (algorithm) => {
  it("is verified by our verifier and by jose with the published key, and names it", async () => {
    const { auth, cookie, clock } = await publicIssuer({ algorithm });
    const { token } = await issue(auth, cookie);
    const published = await keySet(auth);
    await expect(follower(auth, clock).verify(token)).resolves.toMatchObject({ issuer });
    await jwtVerify(token, createLocalJWKSet(published), { issuer, audience, algorithms: [algorithm] });
    expect(decodeProtectedHeader(token)).toEqual({
      alg: algorithm,
      kid: published.keys[0]?.kid,
      typ: "at+jwt",
    });
  });

  it("has a published key with public members only", async () => {
    const { auth } = await publicIssuer({ algorithm });
    const { keys } = await keySet(auth);
    const members = new Set(keys.flatMap((key) => Object.keys(key)));
    expect(keys).toHaveLength(1);
    expect(
      [...members].filter((one) => !["kty", "crv", "x", "y", "n", "e", "alg", "use", "kid"].includes(one)),
    ).toEqual([]);
    expect(keys[0]).toMatchObject({ alg: algorithm, use: "sig" });
  });
});

describe("published keys", () => {
  it("stand at both addresses, may be kept for five minutes, and never longer than the overlap", async () => {
    const { auth } = await publicIssuer();
    const short = await publicIssuer({ overlapSeconds: 60 });
    expect(await keySet(auth, "/.well-known/jwks.json")).toEqual(await keySet(auth));
    const cached = async (one: Handler) => (await ask(one, "/jwks")).headers.get("cache-control");
    expect(await cached(auth)).toBe("public, max-age=300");
    expect(await cached(short.auth)).toBe("public, max-age=60");
  });

  it("are one key, however many ask first", async () => {
    const { auth, cookie, store, events } = await publicIssuer();
    await Promise.all(
      Array.from({ length: 20 }, (_, call) => (call % 2 === 0 ? issue(auth, cookie) : keySet(auth))),
    );
    expect(await store.query(`select slot from "watchwordKey"`)).toEqual([{ slot: "1" }]);
    expect(rotations(events)).toEqual(["first"]);
  });

  it("are one key when two replicas on one PostgreSQL are asked first at the same time", async () => {
    const store = await freshStore("PostgreSQL");
    const clock = fixedClock(Math.floor(Date.now() / 1000));
    const first = await publicIssuer({}, { store, clock });
    const second = await replicaOn(store, settings({}, clock));
    const sets = await Promise.all([first, second, first, second].map(({ auth }) => keySet(auth)));
    expect(new Set(sets.map(({ keys }) => keys.map(({ kid }) => kid).join())).size).toBe(1);
    expect(await store.query(`select slot from "watchwordKey"`)).toEqual([{ slot: "1" }]);
    expect([...rotations(first.events), ...rotations(second.events)]).toEqual(["first"]);
  });

  it("work on Drizzle", async () => {
    const { auth, cookie, clock } = await publicIssuer(
      {},
      { store: await freshStore("Drizzle on PostgreSQL") },
    );
    await expect(follower(auth, clock).verify((await issue(auth, cookie)).token)).resolves.toBeDefined();
  });

  it("are stored with an encrypted private half", async () => {
    const { auth, store } = await publicIssuer();
    await keySet(auth);
    const [row] = await store.query(`select * from "watchwordKey"`);
    expect(row?.["privateKey"]).toMatch(/^[0-9a-f]{200,}$/);
    expect(JSON.parse(String(row?.["publicKey"]))).not.toHaveProperty("d");
  });

  it("are read and decrypted once, not for every token", async () => {
    const { auth, cookie, context } = await publicIssuer();
    await issue(auth, cookie);
    let reads = 0;
    const { findMany } = context.adapter;
    context.adapter.findMany = ((given: Parameters<typeof findMany>[0]) => {
      if (given.model === "watchwordKey") reads += 1;
      return findMany(given);
    }) as typeof findMany;
    for (let call = 0; call < 50; call += 1) await issue(auth, cookie);
    expect(reads).toBe(0);
  });

  it("that cannot be read give no token: 503", async () => {
    const { auth, cookie, store } = await publicIssuer();
    await store.query(`alter table "watchwordKey" rename to gone`);
    const response = await ask(auth, "/token", { headers: { cookie } });
    expect([response.status, (await response.json()).code]).toEqual([503, "KEY_STORE_UNAVAILABLE"]);
  });
});

describe("rotation", () => {
  it("on schedule refuses no good token and accepts none after its window, through three keys", async () => {
    const keys = { rotateAfterSeconds: 7200, overlapSeconds: 600 };
    const { auth, cookie, clock, events } = await publicIssuer(keys);
    const verifier = follower(auth, clock);
    const strict = follower(auth, clock, { clockToleranceSeconds: 0 });
    const live: { token: string; expiresAt: number }[] = [];
    const seen = new Set<string | undefined>();
    let verified = 0;
    for (let minute = 0; minute < 260; minute += 1) {
      live.push(await issue(auth, cookie));
      for (const { token, expiresAt } of [...live]) {
        if (clock.now() < expiresAt) {
          await verifier.verify(token);
          verified += 1;
        } else {
          live.shift();
          await expect(strict.verify(token)).rejects.toMatchObject({
            code: expect.stringMatching(/expired|unknown_key/),
          });
        }
      }
      seen.add(keyIdOf(live.at(-1)?.token ?? ""));
      clock.advance(60);
    }
    expect(seen.size).toBe(3);
    expect(verified).toBeGreaterThan(3000);
    expect(rotations(events)).toEqual(["first", "scheduled", "scheduled"]);
  });

  it("publishes the next key for the whole overlap before it signs, and drops the old one with its last token", async () => {
    const { auth, cookie, clock } = await publicIssuer({ rotateAfterSeconds: 7200, overlapSeconds: 600 });
    const first = keyIdOf((await issue(auth, cookie)).token);
    const kids = async () => (await keySet(auth)).keys.map(({ kid }) => kid);
    clock.advance(7200 - 601);
    expect(await kids()).toEqual([first]);
    clock.advance(10);
    const [, next] = await kids();
    expect(next).toBeDefined();
    expect(keyIdOf((await issue(auth, cookie)).token)).toBe(first);
    clock.advance(599);
    expect(keyIdOf((await issue(auth, cookie)).token)).toBe(first);
    clock.advance(1);
    expect(keyIdOf((await issue(auth, cookie)).token)).toBe(next);
    clock.advance(600 + 900 + 59);
    expect(await kids()).toEqual([first, next]);
    clock.advance(11);
    expect(await kids()).toEqual([next]);
  });

  it("that is forced begins now and signs after the overlap", async () => {
    const { auth, cookie, clock } = await publicIssuer({ overlapSeconds: 600 });
    const before = await issue(auth, cookie);
    const rotating = auth.api as unknown as Rotating;
    const { keyId } = await rotating.rotateSigningKey();
    expect((await keySet(auth)).keys.map(({ kid }) => kid)).toEqual([keyIdOf(before.token), keyId]);
    expect(keyIdOf((await issue(auth, cookie)).token)).toBe(keyIdOf(before.token));
    clock.advance(600);
    expect(keyIdOf((await issue(auth, cookie)).token)).toBe(keyId);
    await expect(follower(auth, clock).verify(before.token)).resolves.toBeDefined();
  });

  it("of a compromised key takes it out at once, on every replica", async () => {
    const store = await freshStore("PostgreSQL");
    const { auth, cookie, clock, events } = await publicIssuer({}, { store });
    const other = await replicaOn(store, settings({}, clock));
    const stolen = await issue(auth, cookie);
    expect((await keySet(other.auth)).keys).toHaveLength(1);
    const rotating = auth.api as unknown as Rotating;
    const { keyId } = await rotating.rotateSigningKey({ body: { compromised: true } });
    expect((await keySet(auth)).keys.map(({ kid }) => kid)).toEqual([keyId]);
    await expect(follower(auth, clock).verify(stolen.token)).rejects.toMatchObject({ code: "unknown_key" });
    clock.advance(10);
    expect((await keySet(other.auth)).keys.map(({ kid }) => kid)).toEqual([keyId]);
    expect(keyIdOf((await issue(other.auth, cookie)).token)).toBe(keyId);
    expect(rotations(events)).toEqual(["first", "compromised"]);
  });

  it("is typed on the server", async () => {
    const { auth } = await realAuth({ plugins: [watchword({ issuer, audience, keys: {} })] });
    const first = await auth.api.getSigningKeys();
    const { keyId } = await auth.api.rotateSigningKey({ body: { compromised: true } });
    const kids: string[] = (await auth.api.getSigningKeys()).keys.map(({ kid }) => kid);
    expect(kids).toEqual([keyId]);
    expect(kids).not.toEqual(first.keys.map(({ kid }) => kid));
  });

  it("cannot be begun over HTTP", async () => {
    const { auth, cookie } = await publicIssuer();
    const headers = { cookie, origin: issuer, "content-type": "application/json" };
    for (const path of ["/rotate-signing-key", "/rotateSigningKey", "/:virtual"]) {
      expect((await ask(auth, path, { method: "POST", headers, body: "{}" })).status).toBe(404);
    }
  });

  it("to another algorithm publishes its key first and then signs with it", async () => {
    const store = await freshStore("SQLite");
    const { auth, cookie, clock } = await publicIssuer({ overlapSeconds: 600 }, { store });
    const before = await issue(auth, cookie);
    const after = await replicaOn(store, settings({ algorithm: "ES256", overlapSeconds: 600 }, clock));
    expect((await keySet(after.auth)).keys.map(({ alg }) => alg)).toEqual(["EdDSA", "ES256"]);
    expect(decodeProtectedHeader((await issue(after.auth, cookie)).token).alg).toBe("EdDSA");
    clock.advance(600);
    const { token } = await issue(after.auth, cookie);
    expect(decodeProtectedHeader(token).alg).toBe("ES256");
    const verifier = follower(after.auth, clock);
    await expect(Promise.all([verifier.verify(before.token), verifier.verify(token)])).resolves.toHaveLength(
      2,
    );
  });
});

describe("a change of Better Auth's secret", () => {
  async function changed(options: object, store: Store, clock: AdjustableClock) {
    const { watchword, options: base } = settings({}, clock);
    return replicaOn(store, { watchword, options: { ...base, ...options } });
  }

  it("leaves stored keys that nothing decrypts: they are set aside, replaced, and issuing goes on", async () => {
    const { auth, cookie, store, clock } = await publicIssuer();
    const before = await issue(auth, cookie);
    const after = await changed({ secret: newSecret }, store, clock);
    const published = await keySet(after.auth);
    expect(published.keys).toHaveLength(2);
    const { events } = after;
    expect(events.filter(({ name }) => name === "watchword.key.unusable")).toMatchObject([
      { keyId: keyIdOf(before.token), algorithm: "EdDSA" },
    ]);
    expect(rotations(events)).toEqual(["unusable"]);
    await expect(follower(after.auth, clock).verify(before.token)).resolves.toBeDefined();
    // Better Auth signs its cookies with the secret too, so the user signs in again.
    const again = await signUp(after.auth, {
      email: "b@app.test",
      password: "correct horse battery",
      name: "B",
    });
    const { token } = await issue(after.auth, again);
    expect(keyIdOf(token)).toBe(published.keys[1]?.kid);
  });

  it("in the middle of a deployment makes no two replicas replace each other's keys", async () => {
    const { auth, cookie, store, clock } = await publicIssuer();
    const old = keyIdOf((await issue(auth, cookie)).token);
    const after = await changed({ secret: newSecret }, store, clock);
    for (let round = 0; round < 5; round += 1) {
      clock.advance(11);
      await keySet(after.auth);
      expect(keyIdOf((await issue(auth, cookie)).token)).toBe(old);
    }
    expect(await store.query(`select count(*) as keys from "watchwordKey"`)).toEqual([{ keys: 2 }]);
  });

  it("with numbered secrets keeps the key, and its tokens", async () => {
    const { auth, store, clock, cookie } = await publicIssuer();
    const before = keyIdOf((await issue(auth, cookie)).token);
    const secrets = [{ version: 2, value: newSecret }];
    const after = await changed({ secrets, secret }, store, clock);
    expect((await keySet(after.auth)).keys.map(({ kid }) => kid)).toEqual([before]);
    expect(after.events.map(({ name }) => name)).toEqual([]);
  });
});

describe("moving from a shared secret to key pairs", () => {
  it("refuses nothing while verifiers are updated one by one", async () => {
    const clock = fixedClock(Math.floor(Date.now() / 1000));
    const store = await freshStore("SQLite");
    const sharedOnly = await issuerOn(store, {
      watchword: { revocation: false, clock },
      options: settings({}, clock).options,
    });
    const cookie = await signUp(sharedOnly.auth);
    const publishing = await issuerOn(store, settings({ signing: false }, clock));
    const signing = await replicaOn(store, settings({}, clock));
    const secretOnly = createVerifier({ issuer, audience, secret, clock });
    const both = () => follower(publishing.auth, clock, { secret });
    const publicOnly = () => follower(signing.auth, clock);

    const verifiers: Verifier[] = [secretOnly, secretOnly, secretOnly];
    const live: { token: string; expiresAt: number }[] = [];
    let verified = 0;
    const minutes = async (count: number, auth: Handler) => {
      for (let minute = 0; minute < count; minute += 1) {
        for (let call = 0; call < 5; call += 1) live.push(await issue(auth, cookie));
        for (const { token, expiresAt } of live.filter((one) => clock.now() < one.expiresAt)) {
          expect(expiresAt).toBeGreaterThan(0);
          await Promise.all(verifiers.map((verifier) => verifier.verify(token)));
          verified += verifiers.length;
        }
        clock.advance(60);
      }
    };
    await minutes(3, sharedOnly.auth);
    await minutes(3, publishing.auth);
    for (const index of verifiers.keys()) {
      verifiers[index] = both();
      await minutes(2, publishing.auth);
    }
    await minutes(17, signing.auth);
    for (const index of verifiers.keys()) {
      verifiers[index] = publicOnly();
      await minutes(2, signing.auth);
    }
    const algorithms = new Set(live.map(({ token }) => decodeProtectedHeader(token).alg));
    expect([...algorithms]).toEqual(["HS256", "EdDSA"]);
    expect(verified).toBeGreaterThan(2000);
    await expect(publicOnly().verify(live[0]?.token ?? "")).rejects.toMatchObject({
      code: "unsupported_alg",
    });
  });
});

describe("beside Better Auth's own jwt()", () => {
  const beside = (options: Partial<WatchwordOptions>) => realAuth({ plugins: [jwt(), plugin(options)] });

  it("works under a path of its own, each issuing its own tokens", async () => {
    const { auth } = await beside({ tokenPath: "/api-token" });
    const cookie = await signUp(auth);
    const ours = (await (await ask(auth, "/api-token", { headers: { cookie } })).json()) as { token: string };
    const theirs = (await (await ask(auth, "/token", { headers: { cookie } })).json()) as { token: string };
    expect(decodeProtectedHeader(ours.token)).toMatchObject({ alg: "HS256", typ: "at+jwt" });
    expect(decodeProtectedHeader(theirs.token)).toMatchObject({ alg: "EdDSA" });
  });

  it("is called on the server by a name of its own", async () => {
    const { auth } = await realAuth({ plugins: [jwt(), plugin({ tokenPath: "/api-token" })] });
    const headers = new Headers({ cookie: await signUp(auth) });
    const { getApiToken } = auth.api as unknown as {
      getApiToken(given: object): Promise<{ expiresIn: number }>;
    };
    await expect(getApiToken({ headers })).resolves.toMatchObject({ expiresIn: 900 });
  });

  it("in public-key mode needs a path of its own for the keys too", async () => {
    await expect(beside({ tokenPath: "/api-token", keys: {} })).rejects.toMatchObject({
      code: "misconfigured",
      message: expect.stringContaining("keys.jwksPath"),
    });
    const { auth } = await beside({ tokenPath: "/api-token", keys: { jwksPath: "/api-jwks" } });
    expect((await keySet(auth, "/api-jwks")).keys).toHaveLength(1);
    expect((await ask(auth, "/.well-known/jwks.json")).status).toBe(200);
  });

  it("our verifiers take the official plugin's tokens as they are, through its own rotation", async () => {
    const official = jwt({ jwks: { rotationInterval: 1 }, jwt: { issuer, audience } });
    const { auth, database } = await realAuth({ plugins: [official] });
    const cookie = await signUp(auth);
    const clock = fixedClock(Math.floor(Date.now() / 1000));
    const verifier = createVerifier({
      issuer,
      audience,
      jwksUrl: "https://app.test/jwks",
      fetch: async () => ask(auth, "/jwks"),
    });
    const first = await issue(auth, cookie);
    await expect(verifier.verify(first.token)).resolves.toMatchObject({ issuer });
    database.prepare("update jwks set expiresAt = ?").run(new Date(Date.now() - 1000).toISOString());
    const second = await issue(auth, cookie);
    expect(keyIdOf(second.token)).not.toBe(keyIdOf(first.token));
    const later = createVerifier({
      issuer,
      audience,
      jwksUrl: "https://app.test/jwks",
      fetch: async () => ask(auth, "/jwks"),
      clock,
    });
    await expect(later.verify(second.token)).resolves.toMatchObject({ issuer });
    await expect(later.verify(first.token)).resolves.toMatchObject({ issuer });
  });
});

describe("key options", () => {
  it.each<[string, KeyOptions]>([
    ["an algorithm for shared secrets", { algorithm: "HS256" as "EdDSA" }],
    ["an overlap below a minute", { overlapSeconds: 59 }],
    ["a rotation within its overlap", { overlapSeconds: 3600, rotateAfterSeconds: 7199 }],
    ["a path that is none", { jwksPath: "jwks" }],
  ])("are refused with %s", (_, keys) => {
    expect(() => plugin({ keys })).toThrow(expect.objectContaining({ code: "misconfigured" }));
  });
});
