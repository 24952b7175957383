import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { decodeProtectedHeader } from "jose";
import { describe, expect, it } from "vitest";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import type { WatchwordOptions } from "../../src/issuer/index.ts";
import { rawSecretClaims } from "../../src/issuer/options.ts";
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

const raw: Partial<WatchwordOptions> = { unsafeRawSecret: true, audience: undefined };

const python = fileURLToPath(new URL("../../../../apps/api-fastapi/.venv/bin/python", import.meta.url));

/** The usual snippet, as it stands in people's backends. */
const snippet = `
import json, os, sys, jwt
print(json.dumps(jwt.decode(sys.argv[1], os.environ["BETTER_AUTH_SECRET"], algorithms=["HS256"])))
`;

describe("unsafeRawSecret", () => {
  it("lets the usual snippet of PyJWT run unchanged", async () => {
    const { auth, database } = await realAuth({ plugins: [plugin(raw)] });
    const { token } = await issue(auth, await signUp(auth));
    const env = { BETTER_AUTH_SECRET: secret };
    const { stdout } = await promisify(execFile)(python, ["-c", snippet, token], { env });
    const row = database.prepare("select id, userId from session").get();
    expect(JSON.parse(stdout)).toMatchObject({ user_id: row?.["userId"], sessionId: row?.["id"] });
  });

  it("carries neither audience nor e-mail, name and role, and names no key", async () => {
    const { auth } = await realAuth({ plugins: [plugin(raw)] });
    const { token } = await issue(auth, await signUp(auth));
    expect(Object.keys(claimsOf(token)).sort()).toEqual(
      ["exp", "iat", "iss", "jti", "sessionId", "sid", "sub", "user_id"].sort(),
    );
    expect(decodeProtectedHeader(token)).toEqual({ alg: "HS256", typ: "at+jwt" });
  });

  it("is verified by a verifier with the same option, and by none that derives its key", async () => {
    const { auth } = await realAuth({ plugins: [plugin(raw)] });
    const { token } = await issue(auth, await signUp(auth));
    const verifier = createVerifier({ issuer, secret, unsafeRawSecret: true });
    expect((await verifier.verify(token)).claims).toMatchObject({ user_id: claimsOf(token).sub });
    await expect(createVerifier({ issuer, audience, secret }).verify(token)).rejects.toMatchObject({
      code: "bad_signature",
    });
  });

  it.each([...rawSecretClaims, "user_id", "sessionId"])("refuses to sign the claim %s", async (claim) => {
    const definePayload = () => ({ [claim]: person.email });
    const { auth } = await realAuth({ plugins: [plugin({ ...raw, definePayload })] });
    const response = await ask(auth, "/token", { headers: { cookie: await signUp(auth) } });
    expect([response.status, (await response.json()).code]).toEqual([500, "INVALID_CLAIMS"]);
  });

  it("makes a token that Better Auth takes for no e-mail verification", async () => {
    const { auth, database } = await realAuth({ plugins: [plugin(raw)] });
    const { token } = await issue(auth, await signUp(auth));
    expect((await ask(auth, `/verify-email?token=${token}`)).status).toBeGreaterThanOrEqual(400);
    expect(database.prepare("select emailVerified from user").get()).toEqual({ emailVerified: 0 });
  });

  it.each<[string, Partial<WatchwordOptions>]>([
    ["an independent key", { ...raw, key: "Zp3xK8vQ1nWc6RbT5yHm0LsJ9dFg2aEuVo7iXk4tBqM" }],
    ["key pairs", { ...raw, keys: {} }],
    ["a string in the place of true", { unsafeRawSecret: "false" as never }],
    ["no audience without it", { audience: null }],
  ])("construction fails with %s", (_, options) => {
    expect(() => plugin(options)).toThrow(expect.objectContaining({ code: "misconfigured" }));
  });
});
