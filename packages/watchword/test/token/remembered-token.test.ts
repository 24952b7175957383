import { expect, test } from "vitest";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import { fixedClock } from "../../src/testing/index.ts";
import { claims, now, options, token } from "../sample-token.ts";

const refused = (code: string) => expect.objectContaining({ code });

test("a remembered token is expired at the very second it expires", async () => {
  const clock = fixedClock(now);
  const verifier = createVerifier({ ...options, clock });
  const text = token();
  const identity = await verifier.verify(text);
  clock.advance(claims.exp - now - 0.5);
  expect(await verifier.verify(text)).toBe(identity);
  clock.advance(0.5);
  await expect(verifier.verify(text)).rejects.toEqual(refused("expired"));
});

test("a remembered token is not yet valid when the clock was set back before its nbf or iat", async () => {
  const clock = fixedClock(now);
  const verifier = createVerifier({ ...options, clock });
  const later = token({ nbf: now - 10 });
  await verifier.verify(later);
  clock.advance(-11);
  await expect(verifier.verify(later)).rejects.toEqual(refused("not_yet_valid"));
  const plain = token();
  await verifier.verify(plain);
  clock.advance(-50);
  await expect(verifier.verify(plain)).rejects.toEqual(refused("not_yet_valid"));
});

test("the tolerance moves both edges of a remembered token", async () => {
  const clock = fixedClock(now);
  const verifier = createVerifier({ ...options, clock, clockToleranceSeconds: 5 });
  const text = token({ nbf: now });
  const identity = await verifier.verify(text);
  clock.advance(-5);
  expect(await verifier.verify(text)).toBe(identity);
  clock.advance(claims.exp - now + 9.5);
  expect(await verifier.verify(text)).toBe(identity);
  clock.advance(0.5);
  await expect(verifier.verify(text)).rejects.toEqual(refused("expired"));
});

test("a known token gives the same identity, and what differs from it in one character does not", async () => {
  const verifier = createVerifier({ ...options, clock: fixedClock(now) });
  const text = token();
  const identity = await verifier.verify(text);
  expect(await verifier.verify(text)).toBe(identity);
  for (const other of [`${text}=`, `${text},${text}`, ` ${text}`])
    await expect(verifier.verify(other)).rejects.toEqual(refused("malformed"));
});

test("a verifier that remembers nothing makes the identity anew", async () => {
  const verifier = createVerifier({ ...options, cache: false });
  const text = token();
  expect(await verifier.verify(text)).not.toBe(await verifier.verify(text));
});

test("CS-21 a known token is asked about, and its refusal is told", async () => {
  const revoked = new Set<string>();
  const told: string[] = [];
  const verifier = createVerifier({
    ...options,
    revocation: { isRevoked: ({ userId }) => revoked.has(userId) },
    onReject: ({ code }) => told.push(code),
  });
  const text = token();
  await verifier.verify(text);
  revoked.add(claims.sub);
  await expect(verifier.verify(text)).rejects.toEqual(refused("revoked"));
  expect(told).toEqual(["revoked"]);
});

test("a clock that throws refuses a known token too", async () => {
  let broken = false;
  const clock = {
    now() {
      if (broken) throw new Error("no time");
      return now;
    },
  };
  const verifier = createVerifier({ ...options, clock });
  const text = token();
  await verifier.verify(text);
  broken = true;
  await expect(verifier.verify(text)).rejects.toEqual(refused("internal_error"));
});

test("a schema that takes its time is asked for every request, and its refusal leaves nothing unhandled", async () => {
  let plan: string | undefined = "free";
  const schema = {
    "~standard": {
      version: 1 as const,
      vendor: "test",
      validate: async () => (plan === undefined ? { issues: [{ message: "none" }] } : { value: { plan } }),
    },
  };
  const verifier = createVerifier({ ...options, clock: fixedClock(now), claims: schema });
  const text = token();
  expect((await verifier.verify(text)).claims).toEqual({ plan: "free" });
  plan = "paid";
  expect((await verifier.verify(text)).claims).toEqual({ plan: "paid" });
  plan = undefined;
  await expect(verifier.verify(text)).rejects.toEqual(refused("invalid_claim"));
});
