import { decodeJwt, decodeProtectedHeader } from "jose";
import { expect, test } from "vitest";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import { fixedClock, mintToken } from "../../src/testing/index.ts";

const secret = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa";
const key = "MyomPKOoicVScZCYIxcMEOI-5xbITcy1xxnJm3FyGbY";
const clock = fixedClock(1_767_225_600.75);
const local = { issuer: "http://localhost:3000", audience: "http://localhost:8000", clock };

test.each([{ secret }, { key }])(
  "a token minted by %j is accepted by a verifier that holds either",
  async (holder) => {
    const token = mintToken({ ...holder, clock, sub: "user_a", role: "admin" });
    for (const verifying of [{ secret }, { key }]) {
      const identity = await createVerifier({ ...local, ...verifying }).verify(token);
      expect(identity).toMatchObject({
        userId: "user_a",
        role: "admin",
        issuedAt: 1_767_225_600,
        expiresAt: 1_767_226_500,
      });
    }
  },
);

test("claims and header members can be changed and left out", () => {
  const token = mintToken({
    key,
    clock,
    exp: undefined,
    aud: ["a", "b"],
    header: { typ: undefined, kid: "k" },
  });
  expect(decodeProtectedHeader(token)).toEqual({ alg: "HS256", kid: "k" });
  expect(decodeJwt(token)).toMatchObject({ aud: ["a", "b"], iat: 1_767_225_600 });
  expect(decodeJwt(token)).not.toHaveProperty("exp");
});

test("neither secret nor key is a configuration fault", () => {
  expect(() => mintToken({ sub: "user_a" })).toThrow(expect.objectContaining({ code: "misconfigured" }));
});
