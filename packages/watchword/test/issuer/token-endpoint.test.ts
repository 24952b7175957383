import { nextCookies } from "better-auth/next-js";
import { admin } from "better-auth/plugins";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { computeKeyId, deriveKey } from "../../src/keys/keys.ts";
import {
  ask,
  audience,
  claimsOf,
  issue,
  issuer,
  person,
  plugin,
  realAuth,
  secret,
  signUp,
} from "./real-auth.ts";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("GET /token", () => {
  it("issues a token that jose verifies under the derived key", async () => {
    const { auth } = await realAuth({ plugins: [plugin()] });
    const { token } = await issue(auth, await signUp(auth));
    const key = new TextEncoder().encode(deriveKey(secret, audience));
    const { payload } = await jwtVerify(token, key, {
      issuer,
      audience,
      algorithms: ["HS256"],
      typ: "at+jwt",
    });
    expect(payload).toMatchObject({ iss: issuer, aud: audience });
  });

  it("is not signed with the secret itself", async () => {
    const { auth } = await realAuth({ plugins: [plugin()] });
    const { token } = await issue(auth, await signUp(auth));
    await expect(jwtVerify(token, new TextEncoder().encode(secret))).rejects.toMatchObject({
      code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
    });
  });

  it("names algorithm, key and type in the header and nothing else", async () => {
    const { auth } = await realAuth({ plugins: [plugin()] });
    const { token } = await issue(auth, await signUp(auth));
    expect(decodeProtectedHeader(token)).toEqual({
      alg: "HS256",
      kid: computeKeyId(deriveKey(secret, audience)),
      typ: "at+jwt",
    });
  });

  it("carries exactly the documented claims, with the ids of the stored rows", async () => {
    const { auth, database } = await realAuth({ plugins: [plugin()] });
    const { token } = await issue(auth, await signUp(auth));
    const row = database.prepare("select id, userId from session").get();
    const claims = claimsOf(token);
    expect(claims).toEqual({
      iss: issuer,
      aud: audience,
      sub: row?.["userId"],
      sid: row?.["id"],
      iat: expect.any(Number),
      exp: Number(claims["iat"]) + 900,
      jti: expect.stringMatching(uuid),
      email: person.email,
      name: person.name,
    });
  });

  it("answers the token, its expiry and its life, and forbids to store them", async () => {
    const { auth } = await realAuth({ plugins: [plugin({ ttlSeconds: 60 })] });
    const cookie = await signUp(auth);
    const response = await ask(auth, "/token", { headers: { cookie } });
    const answer = await response.json();
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(answer).toEqual({
      token: expect.any(String),
      expiresAt: claimsOf(answer.token)["exp"],
      expiresIn: 60,
    });
  });

  it("gives every token its own id", async () => {
    const { auth } = await realAuth({ plugins: [plugin()] });
    const cookie = await signUp(auth);
    const ids = [await issue(auth, cookie), await issue(auth, cookie)].map(
      ({ token }) => claimsOf(token)["jti"],
    );
    expect(new Set(ids).size).toBe(2);
  });

  it("carries the role where Better Auth keeps one", async () => {
    const { auth } = await realAuth({ plugins: [admin(), plugin()] });
    const { token } = await issue(auth, await signUp(auth));
    expect(claimsOf(token)["role"]).toBe("user");
  });

  it("is called on the server as auth.api.getToken, typed", async () => {
    const { auth } = await realAuth({ plugins: [plugin(), nextCookies()] });
    const headers = new Headers({ cookie: await signUp(auth) });
    const answer = await auth.api.getToken({ headers });
    const life: number = answer.expiresIn;
    expect(life).toBe(900);
    expect(claimsOf(answer.token)["exp"]).toBe(answer.expiresAt);
  });

  it("works for a server component that was reached by a link from another site", async () => {
    const { auth } = await realAuth({ plugins: [plugin()] });
    const headers = new Headers({ cookie: await signUp(auth), "sec-fetch-site": "cross-site" });
    await expect(auth.api.getToken({ headers })).resolves.toMatchObject({ expiresIn: 900 });
  });

  it("signs with WATCHWORD_KEY when it is given one", async () => {
    const key = "Zp3xK8vQ1nWc6RbT5yHm0LsJ9dFg2aEuVo7iXk4tBqM";
    const { auth } = await realAuth({ plugins: [plugin({ key })] });
    const { token } = await issue(auth, await signUp(auth));
    await expect(jwtVerify(token, new TextEncoder().encode(key))).resolves.toBeDefined();
    expect(decodeProtectedHeader(token).kid).toBe(computeKeyId(key));
  });

  it("signs with the current one of several versioned secrets", async () => {
    const current = "hT8wKz2Qv5Nc9RmX4bLp7YjD1sGf6aEu";
    const secrets = [
      { version: 2, value: current },
      { version: 1, value: secret },
    ];
    const { auth } = await realAuth({ secrets, plugins: [plugin()] });
    const { token } = await issue(auth, await signUp(auth));
    await expect(
      jwtVerify(token, new TextEncoder().encode(deriveKey(current, audience))),
    ).resolves.toBeDefined();
    await expect(
      jwtVerify(token, new TextEncoder().encode(deriveKey(secret, audience))),
    ).rejects.toMatchObject({
      code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
    });
  });

  it("leaves /jwks unanswered: a shared secret has no public half", async () => {
    const { auth } = await realAuth({ plugins: [plugin()] });
    expect((await ask(auth, "/jwks")).status).toBe(404);
  });

  it("answers to GET alone", async () => {
    const { auth } = await realAuth({ plugins: [plugin()] });
    const headers = { cookie: await signUp(auth), origin: issuer };
    expect((await ask(auth, "/token", { method: "POST", headers })).status).toBe(404);
  });
});
