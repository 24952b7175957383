import { decodeProtectedHeader } from "jose";
import { describe, expect, it } from "vitest";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import { computeKeyId, deriveKey } from "../../src/keys/keys.ts";
import { fixedClock } from "../../src/testing/fixed-clock.ts";
import { verifierOptionsFromEnvironment } from "../../src/token/environment.ts";
import type { Verifier } from "../../src/token/verify.ts";
import { askFeed, feedAuthorization, issuerOn, replicaOn } from "./issuer-fixture.ts";
import { ask, audience, issue, issuer, secret as oldSecret, signUp } from "./real-auth.ts";
import { freshStore, type Store } from "./stores.ts";

const newSecret = "hT8wKz2Qv5Nc9RmX4bLp7YjD1sGf6aEu";
const person2 = { email: "b@app.test", password: "correct horse battery", name: "B" };

/** The issuer's settings of each step, as Better Auth reads them from `BETTER_AUTH_SECRETS` and `BETTER_AUTH_SECRET`. */
const issuerSteps = {
  before: { secret: oldSecret },
  rotated: {
    secrets: [
      { version: 2, value: newSecret },
      { version: 1, value: oldSecret },
    ],
    secret: undefined,
  },
  after: { secrets: [{ version: 2, value: newSecret }], secret: undefined },
};

/** The verifiers' settings of each step. */
const verifierSteps = {
  before: { BETTER_AUTH_SECRET: oldSecret },
  both: { BETTER_AUTH_SECRETS: `2:${newSecret},1:${oldSecret}` },
  after: { BETTER_AUTH_SECRETS: `2:${newSecret}` },
};

const clock = () => fixedClock(Math.floor(Date.now() / 1000));
type Time = ReturnType<typeof clock>;

function verifierAt(step: keyof typeof verifierSteps, time: Time): Verifier {
  const environment = { BETTER_AUTH_URL: issuer, API_AUDIENCE: audience, ...verifierSteps[step] };
  return createVerifier({ ...verifierOptionsFromEnvironment(environment), clock: time });
}

async function issuerAt(step: keyof typeof issuerSteps, store: Store, time: Time, first = false) {
  const settings = { watchword: { clock: time }, options: issuerSteps[step] as object };
  return first ? issuerOn(store, settings) : replicaOn(store, settings);
}

/** A session under the step's secret: Better Auth signs its cookies with the current one. */
const signedIn = (auth: Parameters<typeof ask>[0], step: string) =>
  signUp(auth, { ...person2, email: `${step}@app.test` });

describe("BETTER_AUTH_SECRETS", () => {
  it("signs with its first entry and names that key", async () => {
    const time = clock();
    const store = await freshStore("SQLite");
    const { auth } = await issuerAt("rotated", store, time, true);
    const { token } = await issue(auth, await signUp(auth));
    expect(decodeProtectedHeader(token).kid).toBe(computeKeyId(deriveKey(newSecret, audience)));
  });

  it("verifiers first: no good token is refused, and none of the old secret is good at the end", async () => {
    const time = clock();
    const store = await freshStore("SQLite");
    const before = await issuerAt("before", store, time, true);
    const old = await issue(before.auth, await signedIn(before.auth, "before"));
    await verifierAt("before", time).verify(old.token);
    await verifierAt("both", time).verify(old.token);

    const rotated = await issuerAt("rotated", store, time);
    const cookie = await signedIn(rotated.auth, "rotated");
    const fresh = await issue(rotated.auth, cookie);
    for (const { token } of [old, fresh]) await verifierAt("both", time).verify(token);

    time.advance(900 + 5);
    const late = await issue(rotated.auth, cookie);
    await verifierAt("after", time).verify(late.token);
    await expect(verifierAt("after", time).verify(old.token)).rejects.toMatchObject({ code: "unknown_key" });
    const after = await issuerAt("after", store, time);
    await verifierAt("after", time).verify((await issue(after.auth, cookie)).token);
  });

  it("issuer first: verifiers without the new secret refuse its tokens as of an unknown key, until they have it", async () => {
    const time = clock();
    const store = await freshStore("SQLite");
    const rotated = await issuerAt("rotated", store, time, true);
    const { token } = await issue(rotated.auth, await signUp(rotated.auth));
    await expect(verifierAt("before", time).verify(token)).rejects.toMatchObject({ code: "unknown_key" });
    await verifierAt("both", time).verify(token);
  });

  it("issuer first without a refusal: the new secret is listed second, then the order is turned round", async () => {
    const time = clock();
    const store = await freshStore("SQLite");
    const listed = {
      secrets: [
        { version: 1, value: oldSecret },
        { version: 2, value: newSecret },
      ],
      secret: undefined,
    };
    const prepared = await issuerOn(store, { watchword: { clock: time }, options: listed as object });
    const { token } = await issue(prepared.auth, await signUp(prepared.auth));
    for (const step of ["before", "both"] as const) await verifierAt(step, time).verify(token);
    const rotated = await issuerAt("rotated", store, time);
    const fresh = await issue(rotated.auth, await signedIn(rotated.auth, "rotated"));
    await verifierAt("both", time).verify(fresh.token);
  });

  it("renaming the secret to a numbered one keeps sessions, tokens and the feed", async () => {
    const time = clock();
    const store = await freshStore("SQLite");
    const plain = await issuerAt("before", store, time, true);
    const cookie = await signUp(plain.auth);
    const numbered = await replicaOn(store, {
      watchword: { clock: time },
      options: { secrets: [{ version: 1, value: oldSecret }], secret: undefined } as object,
    });
    const { token } = await issue(numbered.auth, cookie);
    await verifierAt("before", time).verify(token);
    expect(
      (await askFeed(numbered.auth, "", feedAuthorization(deriveKey(oldSecret, audience), time))).status,
    ).toBe(200);
  });

  it("changing the current secret signs everybody out: the cookies are signed with it", async () => {
    const time = clock();
    const store = await freshStore("SQLite");
    const before = await issuerAt("before", store, time, true);
    const cookie = await signUp(before.auth);
    const rotated = await issuerAt("rotated", store, time);
    expect((await ask(rotated.auth, "/token", { headers: { cookie } })).status).toBe(401);
  });

  it.each([2000])(
    "%i tokens through a whole rotation: none refused while it is good, none accepted after",
    async (count) => {
      const time = clock();
      const store = await freshStore("SQLite");
      const steps = [
        await issuerAt("before", store, time, true),
        await issuerAt("rotated", store, time),
        await issuerAt("after", store, time),
      ];
      const cookies: string[] = [];
      for (const { auth } of steps) cookies.push(await signedIn(auth, String(cookies.length)));
      // One line per part of the rotation: which issuer answers, and what its verifiers know.
      const parts = [
        { index: 0, verifier: verifierAt("before", time) },
        { index: 0, verifier: verifierAt("both", time) },
        { index: 1, verifier: verifierAt("both", time) },
        { index: 1, verifier: verifierAt("both", time) },
        { index: 2, verifier: verifierAt("after", time) },
      ];
      const live: { token: string; expiresAt: number }[] = [];
      const wrong: unknown[] = [];
      for (let call = 0; call < count; call += 1) {
        const part = parts[Math.floor((call * parts.length) / count)] ?? parts[0];
        if (part === undefined) throw new Error("no part");
        const { auth } = steps[part.index] ?? {};
        if (auth) live.push(await issue(auth, cookies[part.index] ?? ""));
        const { token, expiresAt } = live[Math.floor(Math.random() * live.length)] ?? {
          token: "",
          expiresAt: 0,
        };
        const good = time.now() < expiresAt;
        const accepted = await part.verifier.verify(token).then(
          () => true,
          () => false,
        );
        if (accepted !== good && !(accepted && time.now() < expiresAt + 5))
          wrong.push({ call, good, accepted });
        while (live[0] && live[0].expiresAt < time.now() - 300) live.shift();
        time.advance(3);
      }
      expect(wrong).toEqual([]);
    },
    60_000,
  );
});
