import { describe, expect, test } from "vitest";
import { ConfigurationError } from "../../src/core/errors.ts";
import type { RevocationSource } from "../../src/core/revocation.ts";
import { createVerifier, type Verifier, type VerifyOptions } from "../../src/core/verify.ts";
import { authenticate } from "../../src/server/authenticate.ts";
import * as express from "../../src/server/express.ts";
import * as fastify from "../../src/server/fastify.ts";
import * as hono from "../../src/server/hono.ts";
import * as next from "../../src/server/next.ts";
import { options, token } from "../core/sample-token.ts";

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
