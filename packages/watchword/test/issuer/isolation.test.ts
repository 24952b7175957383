import { describe, expect, it, onTestFinished } from "vitest";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import { createRevocationFeed } from "../../src/feed/revocation-feed.ts";
import { issuerOn, signIn } from "./issuer-fixture.ts";
import { ask, audience, claimsOf, issue, issuer, person, post, secret, signUp } from "./real-auth.ts";
import { freshStore } from "./stores.ts";

/** The documented bound from an ending to the refusal, in milliseconds. */
const bound = 2000;

type Issuing = Awaited<ReturnType<typeof issuerOn>>;

/** An issuer, and a verifier that follows its feed as an API does. */
async function issuerAndApi(settings: Parameters<typeof issuerOn>[1] = {}) {
  const store = await freshStore("SQLite");
  const issuing = await issuerOn(store, settings);
  const feed = createRevocationFeed({
    issuer,
    audience,
    secret,
    fetch: async (url, init) => issuing.auth.handler(new Request(url, init)),
  });
  feed.start();
  onTestFinished(() => feed.close());
  const verifier = createVerifier({ issuer, audience, secret, revocation: feed });
  const code = async (token: string) =>
    verifier.verify(token).then(
      () => "accepted",
      (error: { code: string }) => error.code,
    );
  const token = async (cookie: string) => (await issue(issuing.auth, cookie)).token;
  return { ...issuing, store, code, token, feed };
}

async function eventually(ask: () => Promise<unknown>, expected: unknown): Promise<void> {
  const started = performance.now();
  let last = await ask();
  while (last !== expected && performance.now() - started < bound) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    last = await ask();
  }
  expect(last).toBe(expected);
}

async function administrator(
  { auth }: Issuing,
  store: { query(sql: string): Promise<unknown> },
): Promise<string> {
  const boss = { email: "boss@app.test", password: "correct horse battery", name: "Boss" };
  await signUp(auth, boss);
  await store.query(`update "user" set role = 'admin' where email = 'boss@app.test'`);
  return signIn(auth, boss);
}

describe("within two seconds", () => {
  it("129: after a sign-out the token is refused as revoked", async () => {
    const { auth, code, token } = await issuerAndApi();
    const cookie = await signUp(auth);
    const held = await token(cookie);
    await eventually(() => code(held), "accepted");
    await post(auth, "/sign-out", {}, cookie);
    await eventually(() => code(held), "revoked");
  });

  it("130: after a sign-out the old cookies give no token, though the cookie cache still knows the session", async () => {
    const { auth } = await issuerAndApi({
      options: { session: { cookieCache: { enabled: true, maxAge: 300 } } },
    });
    const cookie = await signUp(auth);
    await post(auth, "/sign-out", {}, cookie);
    expect(await (await ask(auth, "/get-session", { headers: { cookie } })).json()).toMatchObject({
      user: {},
    });
    const response = await ask(auth, "/token", { headers: { cookie } });
    expect([response.status, (await response.json()).code]).toEqual([401, "NOT_SIGNED_IN"]);
  });

  it("131: a sign-out on one device leaves the other alone", async () => {
    const { auth, code, token } = await issuerAndApi();
    const one = await signUp(auth);
    const other = await signIn(auth);
    const held = await token(one);
    const kept = await token(other);
    await eventually(() => code(kept), "accepted");
    await post(auth, "/sign-out", {}, one);
    await eventually(() => code(held), "revoked");
    expect(await code(kept)).toBe("accepted");
  });

  it.each<
    [
      string,
      (
        issuing: Awaited<ReturnType<typeof issuerAndApi>>,
        cookie: string,
        userId: string,
      ) => Promise<Response>,
    ]
  >([
    ["signing out everywhere", ({ auth }, cookie) => post(auth, "/revoke-sessions", {}, cookie)],
    [
      "a password change",
      ({ auth }, cookie) =>
        post(
          auth,
          "/change-password",
          { currentPassword: person.password, newPassword: "another horse" },
          cookie,
        ),
    ],
    [
      "a ban",
      async (issuing, _, userId) =>
        post(issuing.auth, "/admin/ban-user", { userId }, await administrator(issuing, issuing.store)),
    ],
    [
      "deleting the account",
      ({ auth }, cookie) => post(auth, "/delete-user", { password: person.password }, cookie),
    ],
  ])("131: %s stops all devices", async (_, end) => {
    const issuing = await issuerAndApi();
    const { auth, code, token } = issuing;
    const cookie = await signUp(auth);
    const held = [await token(cookie), await token(await signIn(auth))];
    for (const one of held) await eventually(() => code(one), "accepted");
    expect((await end(issuing, cookie, String(claimsOf(held[0] ?? "")["sub"]))).status).toBe(200);
    for (const one of held) await eventually(() => code(one), "revoked");
  });

  it("132: no other spelling of a signed-out token is accepted", async () => {
    const { auth, code, token } = await issuerAndApi();
    const cookie = await signUp(auth);
    const held = await token(cookie);
    await eventually(() => code(held), "accepted");
    await post(auth, "/sign-out", {}, cookie);
    await eventually(() => code(held), "revoked");
    const last = held.at(-1) ?? "";
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const spellings = [
      `${held}=`,
      `${held}==`,
      held.replaceAll("_", "/").replaceAll("-", "+"),
      ...[1, 2, 3].map((bits) => held.slice(0, -1) + alphabet[alphabet.indexOf(last) ^ bits]),
      ` ${held}`,
    ].filter((one) => one !== held);
    for (const one of spellings) expect(await code(one)).toMatch(/^(malformed|bad_signature)$/);
  });

  it("133: a role that is taken away ends the tokens that say it, and nothing in a request brings it back", async () => {
    const issuing = await issuerAndApi();
    const { auth, store, code, token } = issuing;
    const boss = await administrator(issuing, store);
    const cookie = await signUp(auth);
    const userId = String(claimsOf(await token(cookie))["sub"]);
    await post(auth, "/admin/set-role", { userId, role: "admin" }, boss);
    const held = await token(cookie);
    expect(claimsOf(held)["role"]).toBe("admin");
    await eventually(() => code(held), "accepted");
    await post(auth, "/admin/set-role", { userId, role: "user" }, boss);
    await eventually(() => code(held), "revoked");
    const headers = { cookie, "x-role": "admin", "x-scope": "admin" };
    const response = await ask(auth, "/token?role=admin&roles=admin", { headers });
    expect(claimsOf(((await response.json()) as { token: string }).token)["role"]).toBe("user");
  });

  it("the API is told of a deleted account, to erase what it holds", async () => {
    const { auth, feed } = await issuerAndApi();
    const deleted: string[] = [];
    feed.onRevocation((revocation) => {
      if ("deleted" in revocation && revocation.deleted) deleted.push(revocation.id);
    });
    const cookie = await signUp(auth);
    const userId = claimsOf((await issue(auth, cookie)).token)["sub"];
    await post(auth, "/delete-user", { password: person.password }, cookie);
    await eventually(async () => deleted[0], userId);
  });
});
