import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import { FakeIssuer, fixedClock, type IssuerAlgorithm } from "../../src/testing/index.ts";

const refused = (code: string) => expect.objectContaining({ code });

function setUp(algorithm?: IssuerAlgorithm) {
  const clock = fixedClock(1_767_225_600);
  const issuer = new FakeIssuer({ clock, ...(algorithm && { algorithm }) });
  const { jwksUrl, audience, fetch } = issuer;
  const verifier = createVerifier({ issuer: issuer.issuer, audience, jwksUrl, fetch, clock });
  return { clock, issuer, verifier };
}

describe.each(["EdDSA", "ES256", "RS256", "PS256"] as const)("%s", (algorithm) => {
  const { clock, issuer, verifier } = setUp(algorithm);

  test("publishes what it signs with", async () => {
    const token = issuer.mintToken({ sub: "user_a" });
    expect(await verifier.verify(token)).toMatchObject({ userId: "user_a", issuedAt: 1_767_225_600 });
    expect(issuer.jwks.keys.map(({ kid, alg, use }) => [kid, alg, use])).toEqual([
      ["key-1", algorithm, "sig"],
    ]);
    expect(JSON.stringify(issuer.jwks)).not.toContain('"d"');
  });

  test("is understood by another library", async () => {
    const keys = createLocalJWKSet({ keys: [...issuer.jwks.keys] as never });
    const { payload, protectedHeader } = await jwtVerify(issuer.mintToken({ sub: "user_b" }), keys, {
      currentDate: new Date(clock.now() * 1000),
    });
    expect([payload.sub, protectedHeader.alg]).toEqual(["user_b", algorithm]);
  });

  test("signs with a key that nobody else has", async () => {
    const other = new FakeIssuer({ algorithm, clock });
    await expect(verifier.verify(other.mintToken())).rejects.toEqual(refused("bad_signature"));
  });
});

test("claims and header members can be changed and left out", async () => {
  const { issuer, verifier } = setUp();
  expect(decodeProtectedHeader(issuer.mintToken({ header: { kid: undefined, typ: "JWT" } }))).toEqual({
    alg: "EdDSA",
    typ: "JWT",
  });
  await expect(verifier.verify(issuer.mintToken({ exp: undefined }))).rejects.toEqual(
    refused("missing_claim"),
  );
});

test("after a rotation both keys verify, and the old one no longer once it is withdrawn", async () => {
  const { clock, issuer, verifier } = setUp();
  const old = issuer.mintToken();
  await verifier.verify(old);
  issuer.rotate();
  clock.advance(31);
  expect(decodeProtectedHeader(issuer.mintToken()).kid).toBe("key-2");
  await verifier.verify(issuer.mintToken());
  await verifier.verify(old);
  expect(issuer.fetches).toBe(2);
  issuer.rotate({ keep: false });
  clock.advance(31);
  await verifier.verify(issuer.mintToken());
  await expect(verifier.verify(old)).rejects.toEqual(refused("unknown_key"));
});

test("out of reach it answers nobody", async () => {
  const { issuer, verifier } = setUp();
  issuer.reachable = false;
  await expect(verifier.verify(issuer.mintToken())).rejects.toEqual(refused("unavailable"));
  expect(issuer.fetches).toBe(1);
});

test("its keys can be given directly, and its names chosen", async () => {
  const issuer = new FakeIssuer({ issuer: "https://auth.example.test", audience: "todo-api" });
  const verifier = createVerifier({
    issuer: "https://auth.example.test",
    audience: "todo-api",
    jwks: issuer.jwks,
  });
  expect((await verifier.verify(issuer.mintToken())).issuer).toBe("https://auth.example.test");
});
