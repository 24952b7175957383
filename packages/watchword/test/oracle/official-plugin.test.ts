import { jwt } from "better-auth/plugins";
import { describe, expect, test } from "vitest";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import { ask, issue, issuer, person, realAuth, signUp } from "../issuer/real-auth.ts";

/** What the plugin's own options call its kinds of keys. */
const keyPairs = [
  { alg: "EdDSA", crv: "Ed25519" },
  { alg: "ES256" },
  { alg: "RS256" },
  { alg: "PS256" },
] as const;

/** Tokens that Better Auth's own `jwt()` plugin issues, with keys that it publishes itself. */
async function officialAuth(keyPairConfig: (typeof keyPairs)[number]) {
  const { auth } = await realAuth({ plugins: [jwt({ jwks: { keyPairConfig } })] });
  let fetches = 0;
  const verifier = createVerifier({
    issuer,
    audience: issuer,
    jwksUrl: `${issuer}/api/auth/jwks`,
    fetch: (url, init) => {
      fetches += 1;
      return auth.handler(new Request(url, init));
    },
  });
  return { auth, verifier, fetches: () => fetches };
}

describe.each(keyPairs)("$alg tokens of Better Auth's jwt()", (keyPair) => {
  test("verify with issuer, audience and the address of the keys alone, by one fetch", async () => {
    const { auth, verifier, fetches } = await officialAuth(keyPair);
    const cookie = await signUp(auth);
    const session = (await (await ask(auth, "/get-session", { headers: { cookie } })).json()) as {
      user: { id: string };
    };
    for (let round = 0; round < 2; round += 1) {
      const identity = await verifier.verify((await issue(auth, cookie)).token);
      expect(identity).toMatchObject({
        userId: session.user.id,
        email: person.email,
        issuer,
        audience: [issuer],
      });
    }
    expect(fetches()).toBe(1);
  });

  test("are refused when another Better Auth issued them", async () => {
    const [{ verifier }, other] = [await officialAuth(keyPair), await officialAuth(keyPair)];
    const { token } = await issue(other.auth, await signUp(other.auth));
    await expect(verifier.verify(token)).rejects.toEqual(expect.objectContaining({ code: "unknown_key" }));
  });
});
