import { describe, expect, test } from "vitest";
import * as express from "../../src/adapters/express.ts";
import * as fastify from "../../src/adapters/fastify.ts";
import * as hono from "../../src/adapters/hono.ts";
import * as next from "../../src/adapters/next.ts";
import { ConfigurationError } from "../../src/errors.ts";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import { authenticate } from "../../src/guard/authenticate.ts";
import type { RevocationSource } from "../../src/token/revocation.ts";
import type { Verifier, VerifyOptions } from "../../src/token/verify.ts";
import { options, token } from "../sample-token.ts";

const revoking: RevocationSource = { isRevoked: () => true };
const asking = createVerifier({ ...options, revocation: revoking });
const plain = createVerifier(options);
const handler = () => new Response();

const set = {
  hono: (verifier: Verifier, how: VerifyOptions) => hono.authenticate(verifier, how),
  express: (verifier: Verifier, how: VerifyOptions) => express.authenticate(verifier, how),
  fastify: (verifier: Verifier, how: VerifyOptions) => fastify.authenticate(verifier, how),
  next: (verifier: Verifier, how: VerifyOptions) => next.authenticate(verifier, handler, how),
};

describe.each(Object.entries(set))("a route of %s", (_name, authenticated) => {
  test("that asks what was revoked stops the start where nobody knows it", () => {
    expect(() => authenticated(plain, { revocation: "feed" })).toThrow(ConfigurationError);
    expect(() => authenticated({ verify: plain.verify }, { revocation: "feed" })).toThrow(ConfigurationError);
    expect(authenticated(asking, { revocation: "feed" })).toBeTypeOf("function");
  });

  test("with another word than none and feed stops the start", () => {
    expect(() => authenticated(asking, { revocation: "off" as "none" })).toThrow(
      'revocation must be "none" or "feed".',
    );
    expect(authenticated(plain, { revocation: "none" })).toBeTypeOf("function");
  });
});

describe("authenticate", () => {
  const header = [`Bearer ${token()}`];
  const code = (work: Promise<unknown>) =>
    work.then(
      () => "accepted",
      (error: { code: string }) => error.code,
    );

  test("asks what was revoked unless it is told not to", async () => {
    expect(await code(authenticate(asking, header, "required"))).toBe("revoked");
    expect(await code(authenticate(asking, header, "required", { revocation: "feed" }))).toBe("revoked");
    expect(await code(authenticate(asking, header, "required", { revocation: "none" }))).toBe("accepted");
    expect(await code(authenticate(asking, header, "optional", { revocation: undefined }))).toBe("revoked");
  });

  test("refuses a token where it shall ask and nobody knows", async () => {
    expect(await code(authenticate(plain, header, "required", { revocation: "feed" }))).toBe(
      "internal_error",
    );
    expect(await code(authenticate(plain, header, "required"))).toBe("accepted");
  });

  test("asks for every word that is not none", async () => {
    const how = { revocation: "off" as "none" };
    expect(await code(authenticate(asking, header, "required", how))).toBe("revoked");
  });
});
