import { createOTP } from "@better-auth/utils/otp";
import { admin, twoFactor } from "better-auth/plugins";
import { describe, expect, it, vi } from "vitest";
import type { WatchwordOptions } from "../../src/issuer/index.ts";
import { signHs256 } from "../../src/token/jws.ts";
import { contractFile } from "../contract-files.ts";
import {
  ask,
  claimsOf,
  cookiesOf,
  issue,
  person,
  plugin,
  post,
  realAuth,
  secret,
  signUp,
} from "./real-auth.ts";

interface IssuerCase {
  readonly id: string;
  readonly layer: string;
  readonly description: string;
}

const { cases } = contractFile<{ cases: readonly IssuerCase[] }>("vectors/corpus/issuer.json");

/** Signs up a user in the given Better Auth and gives what `GET /token` answers. */
async function tokenOf(auth: Parameters<typeof ask>[0], cookie: string) {
  const response = await ask(auth, "/token", { headers: { cookie } });
  const body = (await response.json()) as { token?: string; code?: string };
  return { status: response.status, ...body, claims: body.token ? claimsOf(body.token) : undefined };
}

/** The claim that `definePayload` must not set, set from the user's row. */
async function overriding(claim: string) {
  const definePayload = () => ({ [claim]: "attacker" }) as never;
  const { auth } = await realAuth({ plugins: [plugin({ definePayload })] });
  expect(await tokenOf(auth, await signUp(auth))).toMatchObject({ status: 500, code: "INVALID_CLAIMS" });
}

/** `underRawSecret` is what the same claims make of the user's row when Better Auth's own secret signs them. */
async function verifyEmail(definePayload: WatchwordOptions["definePayload"], underRawSecret: object) {
  const options = {
    emailAndPassword: { enabled: true },
    emailVerification: { autoSignInAfterVerification: true },
  };
  const { auth, database } = await realAuth({
    ...options,
    plugins: [plugin({ definePayload })],
  });
  const stored = () => database.prepare("select email, emailVerified from user").get();
  const { token } = await issue(auth, await signUp(auth));
  const answer = await ask(auth, `/verify-email?token=${token}`);
  expect([answer.status, (await answer.json()).code]).toEqual([401, "INVALID_TOKEN"]);
  expect(stored()).toEqual({ email: person.email, emailVerified: 0 });
  const raw = signHs256({ key: secret, payload: claimsOf(token) });
  expect((await ask(auth, `/verify-email?token=${raw}`)).status, "dangerous under the raw secret").toBe(200);
  expect(stored()).toEqual(underRawSecret);
}

const proofs: Readonly<Record<string, () => Promise<void>>> = {
  "issuer-reverse-verify-email": () => verifyEmail(() => ({}), { email: person.email, emailVerified: 1 }),
  "issuer-reverse-update-to": async () => {
    const updateTo = "attacker@example.test";
    await verifyEmail(({ user }) => ({ updateTo, userId: user.id }), { email: updateTo, emailVerified: 0 });
    for (const claim of ["email", "updateTo", "requestType"]) {
      const definePayload = () => ({ [claim]: updateTo });
      const { auth } = await realAuth({ plugins: [plugin({ unsafeRawSecret: true, definePayload })] });
      expect(await tokenOf(auth, await signUp(auth))).toMatchObject({ status: 500, code: "INVALID_CLAIMS" });
    }
  },
  "issuer-signout-cookie-cache": async () => {
    const cookieCache = { enabled: true, maxAge: 300 };
    const { auth } = await realAuth({ session: { cookieCache }, plugins: [plugin()] });
    const cookie = await signUp(auth);
    expect((await tokenOf(auth, cookie)).status).toBe(200);
    await post(auth, "/sign-out", {}, cookie);
    expect((await tokenOf(auth, cookie)).status).toBe(401);
  },
  "issuer-override-nbf": () => overriding("nbf"),
  "issuer-override-iss": () => overriding("iss"),
  "issuer-override-aud": () => overriding("aud"),
  "issuer-override-jti": () => overriding("jti"),
  "issuer-exp-long": async () => {
    const lines: string[] = [];
    const log = (level: string, line: string) => void lines.push(`${level} ${line}`);
    const advice = () => lines.filter((line) => line.startsWith("warn [watchword] Tokens live"));
    await realAuth({ logger: { log }, plugins: [plugin({ ttlSeconds: 3600 })] });
    await realAuth({ logger: { log }, plugins: [plugin({ ttlSeconds: 604_800, revocation: true })] });
    expect(advice()).toEqual([]);
    await realAuth({ logger: { log }, plugins: [plugin({ ttlSeconds: 604_800 })] });
    expect(advice()).toHaveLength(1);
  },
  "issuer-2fa-pending": async () => {
    const { auth } = await realAuth({ plugins: [twoFactor(), plugin()] });
    const cookie = await signUp(auth);
    const enabled = await post(auth, "/two-factor/enable", { password: person.password }, cookie);
    const { totpURI } = (await enabled.json()) as { totpURI: string };
    const base32 = new URL(totpURI).searchParams.get("secret") ?? "";
    const { base32: decoder } = await import("@better-auth/utils/base32");
    const code = await createOTP(new TextDecoder().decode(decoder.decode(base32))).totp();
    expect((await post(auth, "/two-factor/verify-totp", { code }, cookie)).status).toBe(200);
    const halfway = await post(auth, "/sign-in/email", person);
    expect(await halfway.json()).toMatchObject({ twoFactorRedirect: true });
    expect(await tokenOf(auth, cookiesOf(halfway))).toMatchObject({ status: 401, code: "NOT_SIGNED_IN" });
  },
  "issuer-impersonation": async () => {
    const { auth, database } = await realAuth({ plugins: [admin(), plugin()] });
    const victim = String((await tokenOf(auth, await signUp(auth))).claims?.["sub"]);
    const boss = { ...person, email: "boss@app.test" };
    await signUp(auth, boss);
    database.exec("update user set role = 'admin' where email = 'boss@app.test'");
    const bossCookie = cookiesOf(await post(auth, "/sign-in/email", boss));
    const bossId = (await tokenOf(auth, bossCookie)).claims?.["sub"];
    const acting = await post(auth, "/admin/impersonate-user", { userId: victim }, bossCookie);
    expect((await tokenOf(auth, cookiesOf(acting))).claims).toMatchObject({
      sub: victim,
      act: { sub: bossId },
    });
  },
  "issuer-cross-site-token": async () => {
    const { auth } = await realAuth({ plugins: [plugin()] });
    const headers = {
      cookie: await signUp(auth),
      origin: "https://evil.test",
      "sec-fetch-site": "cross-site",
    };
    const token = await ask(auth, "/token", { headers });
    const session = await ask(auth, "/get-session", { headers });
    expect(token.status).toBe(403);
    for (const response of [token, session]) {
      expect(response.headers.get("access-control-allow-origin")).toBeNull();
      expect(response.headers.get("set-auth-jwt")).toBeNull();
    }
  },
  "issuer-jwks-public": async () => {
    const { auth } = await realAuth({ plugins: [plugin({ keys: {} })] });
    const { keys } = (await (await ask(auth, "/jwks")).json()) as { keys: Record<string, string>[] };
    const allowed = ["kty", "crv", "x", "y", "n", "e", "alg", "use", "kid"];
    expect(keys.flatMap((key) => Object.keys(key)).filter((member) => !allowed.includes(member))).toEqual([]);
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
    expect(keys.map(({ kty }) => kty)).toEqual(["OKP"]);
  },
  "issuer-jwks-retired": async () => {
    const { auth } = await realAuth({ plugins: [plugin({ keys: {} })] });
    const kids = async () =>
      ((await (await ask(auth, "/jwks")).json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
    const [stolen] = await kids();
    const api = auth.api as unknown as { rotateSigningKey(given: object): Promise<{ keyId: string }> };
    const { keyId } = await api.rotateSigningKey({ body: { compromised: true } });
    expect(await kids()).toEqual([keyId]);
    expect(keyId).not.toBe(stolen);
  },
  "issuer-baseurl-poison": async () => {
    for (const name of ["BETTER_AUTH_URL", "NEXT_PUBLIC_BETTER_AUTH_URL", "BASE_URL", "AUTH_URL"]) {
      vi.stubEnv(name, "");
    }
    const started = realAuth({ baseURL: "", plugins: [plugin()] });
    await expect(started).rejects.toMatchObject({ code: "misconfigured" });
    vi.unstubAllEnvs();
    const { auth } = await realAuth({ plugins: [plugin()] });
    const headers = { cookie: await signUp(auth), host: "evil.test", "x-forwarded-host": "evil.test" };
    const response = await auth.handler(new Request("https://evil.test/api/auth/token", { headers }));
    expect(JSON.stringify(claimsOf(((await response.json()) as { token: string }).token))).not.toContain(
      "evil",
    );
  },
  "issuer-double-slash": async () => {
    const { auth } = await realAuth({ disabledPaths: ["/sign-in/email"], plugins: [plugin()] });
    await signUp(auth);
    for (const path of ["//sign-in/email", "/sign-in//email", "//token"]) {
      expect((await post(auth, path, person)).status).toBe(404);
    }
  },
  "issuer-body-user-id": async () => {
    const { auth, database } = await realAuth({ plugins: [plugin({ keys: {}, revocation: feed })] });
    await signUp(auth);
    const userId = String(database.prepare("select id from user").get()?.["id"]);
    for (const path of ["/token", "/jwks", "/revocations", "/rotate-signing-key"]) {
      const response = await post(auth, path, { userId, user: { id: userId }, sub: userId });
      expect([401, 404]).toContain(response.status);
      expect(await response.text()).not.toContain("token");
    }
    const query = await ask(auth, `/token?userId=${userId}&sub=${userId}`);
    expect(query.status).toBe(401);
  },
};

const feed = { feedSecret: "Vr9tYw3mQe6uBx1cKz8nHs5dJf2gLa7p" };

describe("the corpus, layer issuer", () => {
  it.each(cases.map(({ id, description }) => [id, description]))("%s: %s", async (id) => {
    const proof = proofs[id];
    if (proof === undefined) throw new Error(`No proof of ${id}.`);
    await proof();
  });

  it("has a proof for each case and no other", () => {
    expect(Object.keys(proofs).sort()).toEqual(cases.map(({ id }) => id).sort());
    expect(cases.every(({ layer }) => layer === "issuer")).toBe(true);
  });
});
