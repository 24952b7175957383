import { describe, expect, test } from "vitest";
import { WatchwordError } from "../../src/errors.ts";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import { fixedClock } from "../../src/testing/index.ts";
import type { RejectEvent } from "../../src/token/verifier-options.ts";
import { audience, claims, header, issuer, now, options, token, verdict } from "../sample-token.ts";

describe("an accepted token", () => {
  test("gives the identity with every claim", async () => {
    const own = {
      email: "a@example.test",
      name: "A",
      role: "admin",
      scope: "tasks:read  tasks:write",
      team: { id: 7 },
    };
    expect(await createVerifier(options).verify(token(own))).toEqual({
      userId: "user_a",
      sessionId: "session-1",
      tokenId: "token-1",
      email: "a@example.test",
      name: "A",
      role: "admin",
      roles: ["admin"],
      scopes: ["tasks:read", "tasks:write"],
      issuer,
      audience: [audience],
      issuedAt: claims.iat,
      expiresAt: claims.exp,
      claims: { ...claims, ...own },
    });
  });

  test("gives an identity that cannot be changed at any level", async () => {
    const identity = await createVerifier(options).verify(token({ team: { ids: [1] } }));
    for (const part of [
      identity,
      identity.scopes,
      identity.audience,
      identity.claims,
      identity.claims.team,
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    expect(Object.isFrozen((identity.claims.team as { ids: number[] }).ids)).toBe(true);
  });

  test("needs neither jti nor sid, and leaves optional claims of another type out", async () => {
    const identity = await createVerifier(options).verify(
      token({ jti: undefined, sid: undefined, email: 1, name: null, role: ["admin"], scope: ["tasks:read"] }),
    );
    for (const member of ["tokenId", "sessionId", "email", "name", "role"])
      expect(identity).not.toHaveProperty(member);
    expect(identity.scopes).toEqual([]);
  });

  test("returns a sub beyond ASCII unchanged", async () => {
    expect((await createVerifier(options).verify(token({ sub: "us\u00e9r-😀" }))).userId).toBe(
      "us\u00e9r-😀",
    );
  });

  test("may hold unknown header members and claims", async () => {
    expect(
      await verdict(
        token({ nonce: "n", user_id: "user_b" }, { x: 1, jwk: { kty: "oct" }, jku: "https://evil.test" }),
      ),
    ).toBe("accepted");
  });
});

test("the first fault in the order of the clauses decides", async () => {
  const faults = { cnf: {}, sub: "", aud: "x", iss: "x" };
  expect(await verdict(token({ ...faults, exp: now }))).toBe("expired");
  expect(await verdict(token(faults))).toBe("wrong_issuer");
  expect(await verdict(token({ ...faults, iss: issuer }))).toBe("wrong_audience");
  expect(await verdict(token({ ...faults, iss: issuer, aud: audience }))).toBe("invalid_claim");
  expect(await verdict(token({}, { alg: "none", crit: [], typ: "x" }))).toBe("unsupported_alg");
  expect(await verdict(token({}, { crit: [], b64: 1, kid: 1, typ: "x" }))).toBe("unsupported_crit");
  expect(await verdict(token({}, { typ: "x", kid: "x" }))).toBe("wrong_type");
});

describe("onReject", () => {
  test("learns code, claim, alg, kid, a wrong audience and time, and nothing else of the token", async () => {
    const events: RejectEvent[] = [];
    const verifier = createVerifier({ ...options, onReject: (event) => events.push(event) });
    await expect(verifier.verify(token({ aud: "x" }))).rejects.toMatchObject({ code: "wrong_audience" });
    await expect(verifier.verify("x")).rejects.toMatchObject({ code: "malformed" });
    expect(events).toEqual([
      {
        code: "wrong_audience",
        claim: "aud",
        alg: "HS256",
        kid: header.kid,
        audience: "x",
        expectedAudience: options.audience,
        at: now,
      },
      { code: "malformed", at: now },
    ]);
  });

  test("is not called for an accepted token", async () => {
    const verifier = createVerifier({ ...options, onReject: () => expect.unreachable() });
    await verifier.verify(token());
  });

  test("cannot change the verdict by throwing", async () => {
    const onReject = () => {
      throw new TypeError("listener");
    };
    expect(await verdict(token({ exp: now }), { onReject })).toBe("expired");
  });
});

test("a clock that fails refuses the token as internal_error, and a clock without a time as expired", async () => {
  const broken = {
    now: (): number => {
      throw new Error("no time");
    },
  };
  await expect(createVerifier({ ...options, clock: broken }).verify(token())).rejects.toBeInstanceOf(
    WatchwordError,
  );
  expect(await verdict(token(), { clock: broken })).toBe("internal_error");
  expect(await verdict(token(), { clock: fixedClock(Number.NaN) })).toBe("expired");
});
