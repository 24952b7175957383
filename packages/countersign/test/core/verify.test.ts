import { describe, expect, test } from "vitest";
import { CountersignError } from "../../src/core/errors.ts";
import type { RejectEvent } from "../../src/core/verifier-options.ts";
import { createVerifier } from "../../src/core/verify.ts";
import { fixedClock } from "../../src/testing/index.ts";
import {
  audience,
  claims,
  encode,
  header,
  issuer,
  key,
  now,
  options,
  signSegments,
  token,
  tokenOfHeader,
  tokenOfPayload,
  verdict,
} from "./sample-token.ts";

const [headerSegment = "", payloadSegment = "", signature = ""] = token().split(".");
const otherKey = "Qv7BAeLRIMIIWD1bQ7_KtvIBmYPXyBjwOD5UteQ_kF8";

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

describe("CS-2 size", () => {
  test("exactly the bound is accepted, one byte more is too_large", async () => {
    const length = token().length;
    expect(await verdict(token(), { maxTokenBytes: length })).toBe("accepted");
    expect(await verdict(token(), { maxTokenBytes: length - 1 })).toBe("too_large");
  });

  test.each([
    ["a megabyte of payload", `a.${"A".repeat(1_000_000)}.a`],
    ["a million dots", ".".repeat(1_000_000)],
    ["3000 characters of three bytes", "€".repeat(3000)],
  ])("%s is too_large by default", async (_, text) => {
    expect(await verdict(text)).toBe("too_large");
  });
});

describe("CS-3 characters and segments", () => {
  test.each([
    ["nothing", ""],
    ["an opaque text", "Zq3vYt8kLmN2pRs5uVwX7yA9bCdEfGhJ"],
    ["two segments", `${headerSegment}.${payloadSegment}`],
    ["four segments", `${token()}.${signature}`],
    ["an encrypted token", "a.b.c.d.e"],
    ["an empty header", `.${payloadSegment}.${signature}`],
    ["an empty payload", `${headerSegment}..${signature}`],
    ["an empty signature", `${headerSegment}.${payloadSegment}.`],
    [
      "padding, signed over",
      signSegments(`${encode(JSON.stringify({ ...header, x: "" }))}=`, payloadSegment),
    ],
    ["a space before", ` ${token()}`],
    ["a line feed behind", `${token()}\n`],
    ["a NUL behind", `${token()}\0`],
    [
      "white space inside the signature",
      `${headerSegment}.${payloadSegment}.${signature.slice(0, 9)} ${signature.slice(9)}`,
    ],
    ["the standard alphabet", signSegments(headerSegment, "ab+/")],
    ["quotation marks", `"${token()}"`],
    [
      "a serialised JSON form",
      JSON.stringify({ protected: headerSegment, payload: payloadSegment, signature }),
    ],
  ])("%s is malformed", async (_, text) => {
    expect(await verdict(text)).toBe("malformed");
  });

  test("other unused bits in the last character of the signature are malformed", async () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const next = alphabet.charAt(alphabet.indexOf(signature.slice(-1)) + 1);
    expect(await verdict(`${headerSegment}.${payloadSegment}.${signature.slice(0, -1)}${next}`)).toBe(
      "malformed",
    );
  });

  test("what is no text at all is malformed", async () => {
    for (const value of [undefined, null, 1, {}, []])
      expect(await verdict(value as unknown as string)).toBe("malformed");
  });
});

describe("CS-4 header", () => {
  test.each([
    ["a list", "[]"],
    ["a duplicate alg", '{"alg":"HS256","alg":"none"}'],
    ["a truncated object", '{"alg":"HS256"'],
    ["a byte order mark", `\ufeff${JSON.stringify(header)}`],
    ["2500 levels", `{"alg":"HS256","x":${"[".repeat(2500)}${"]".repeat(2500)}}`],
  ])("%s is malformed", async (_, text) => {
    expect(await verdict(tokenOfHeader(text))).toBe("malformed");
  });

  test("bytes that are not UTF-8 are malformed", async () => {
    expect(await verdict(tokenOfHeader(Uint8Array.of(0x7b, 0xc3, 0x28, 0x7d)))).toBe("malformed");
  });

  test("16 levels are accepted, 17 are malformed", async () => {
    const nested = (levels: number) => JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`) as unknown;
    expect(await verdict(token({}, { x: nested(15) }))).toBe("accepted");
    expect(await verdict(token({}, { x: nested(16) }))).toBe("malformed");
  });

  test("a number of 5000 digits does no harm", async () => {
    expect(await verdict(tokenOfHeader(`{"x":${"9".repeat(5000)},${JSON.stringify(header).slice(1)}`))).toBe(
      "accepted",
    );
  });
});

describe("CS-5 alg", () => {
  test.each([
    "none",
    "NONE",
    "",
    "hs256",
    "HS256 ",
    "HS512",
    "256",
    "ES256",
    "EdDSA",
    "__proto__",
    null,
    1,
    ["HS256"],
    undefined,
  ])("%j is unsupported_alg even with a right MAC", async (alg) => {
    expect(await verdict(token({}, { alg }))).toBe("unsupported_alg");
  });
});

describe("CS-6 crit, b64, kid", () => {
  test.each([[["exp"]], [[]], ["exp"], [null], [["b64"]]])("crit %j is unsupported_crit", async (crit) => {
    expect(await verdict(token({}, { crit }))).toBe("unsupported_crit");
  });

  test.each([true, false, null])("b64 %j is malformed", async (b64) => {
    expect(await verdict(token({}, { b64 }))).toBe("malformed");
  });

  test.each([1, null, [], {}])("kid %j is malformed", async (kid) => {
    expect(await verdict(token({}, { kid }))).toBe("malformed");
  });
});

describe("CS-7 typ", () => {
  test.each(["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"])(
    "%j is accepted",
    async (typ) => {
      expect(await verdict(token({}, { typ }))).toBe("accepted");
    },
  );

  test.each([
    "JWT",
    "",
    "logout+jwt",
    "better-auth.session-cache+jwt",
    "application/application/at+jwt",
    ["at+jwt"],
    null,
    1,
    undefined,
  ])("%j is wrong_type", async (typ) => {
    expect(await verdict(token({}, { typ }))).toBe("wrong_type");
  });

  test("an absent typ and JWT are accepted where they are configured", async () => {
    expect(await verdict(token({}, { typ: undefined }), { acceptedTypes: [null, "JWT"] })).toBe("accepted");
    expect(await verdict(token({}, { typ: "jwt" }), { acceptedTypes: [null, "JWT"] })).toBe("accepted");
    expect(await verdict(token({}, { typ: null }), { acceptedTypes: [null, "JWT"] })).toBe("wrong_type");
  });
});

describe("CS-8 key", () => {
  test("a token without kid is checked with the only key", async () => {
    expect(await verdict(token({}, { kid: undefined }))).toBe("accepted");
  });

  test.each(["", "__proto__", "toString", "/dev/null", "x'; DROP TABLE jwks; --", `${header.kid} `])(
    "kid %j is unknown_key",
    async (kid) => {
      expect(await verdict(token({}, { kid }))).toBe("unknown_key");
    },
  );
});

describe("CS-9 signature", () => {
  const flipped = (signature.startsWith("A") ? "B" : "A") + signature.slice(1);

  test.each([
    ["a changed signature", `${headerSegment}.${payloadSegment}.${flipped}`],
    [
      "a signature cut to 16 bytes",
      `${headerSegment}.${payloadSegment}.${encode(Buffer.from(signature, "base64url").subarray(0, 16))}`,
    ],
    [
      "a signature with a byte more",
      `${headerSegment}.${payloadSegment}.${encode(Buffer.concat([Buffer.from(signature, "base64url"), Buffer.from([0])]))}`,
    ],
    ["another key under the right kid", signSegments(headerSegment, payloadSegment, otherKey)],
    [
      "the bytes that the key's text encodes",
      signSegments(headerSegment, payloadSegment, Buffer.from(key, "base64url").toString("latin1")),
    ],
    [
      "the payload of another user",
      `${headerSegment}.${encode(JSON.stringify({ ...claims, sub: "user_b" }))}.${signature}`,
    ],
    [
      "the header of another token",
      `${encode(JSON.stringify({ ...header, x: 1 }))}.${payloadSegment}.${signature}`,
    ],
  ])("%s is bad_signature", async (_, text) => {
    expect(await verdict(text)).toBe("bad_signature");
  });

  test("a payload is not read before the signature holds", async () => {
    expect(await verdict(`${headerSegment}.${encode("no JSON")}.${signature}`)).toBe("bad_signature");
  });
});

describe("CS-10 payload", () => {
  test.each([
    ["a list", "[]"],
    ["null", "null"],
    ["a nested token", token()],
    ["a duplicate sub", `{"sub":"user_b",${JSON.stringify(claims).slice(1)}`],
    ["a duplicate sub hidden by an escape", `{"s\\u0075b":"user_b",${JSON.stringify(claims).slice(1)}`],
    ["a byte order mark", `\ufeff${JSON.stringify(claims)}`],
    ["an unpaired surrogate", JSON.stringify({ ...claims, sub: "\ud800" })],
    ["NaN for a number", JSON.stringify(claims).replace(String(claims.exp), "NaN")],
  ])("%s is malformed", async (_, text) => {
    expect(await verdict(tokenOfPayload(text))).toBe("malformed");
  });
});

test("CS-11 the shape of Better Auth's session cookie is wrong_type", async () => {
  expect(await verdict(token({ session: { id: "s" }, user: { id: "user_a" } }))).toBe("wrong_type");
  expect(await verdict(token({ session: "s", user: "u" }))).toBe("accepted");
});

describe("CS-12 types of claims", () => {
  test.each([
    ...["iss", "sub", "jti", "sid"].flatMap((name) =>
      [null, 0, true, [], ["user_a"], {}].map((value) => [name, value] as const),
    ),
    ...[null, 1, {}, [1], [audience, null], { [audience]: true }].map((value) => ["aud", value] as const),
    ...["exp", "nbf", "iat"].flatMap((name) =>
      [null, String(now), "", true, [now], { valueOf: now }].map((value) => [name, value] as const),
    ),
  ])("%s %j is invalid_claim", async (name, value) => {
    expect(await verdict(token({ [name]: value }))).toBe("invalid_claim");
  });

  test("a number beyond every number is invalid_claim", async () => {
    expect(await verdict(tokenOfPayload(JSON.stringify(claims).replace(String(claims.exp), "1e999")))).toBe(
      "invalid_claim",
    );
  });
});

describe("CS-13 required claims", () => {
  test.each(["iss", "aud", "sub", "exp", "iat"])("without %s it is missing_claim", async (name) => {
    expect(await verdict(token({ [name]: undefined }))).toBe("missing_claim");
  });

  test("a missing sub says so", async () => {
    const refused = createVerifier(options).verify(token({ sub: undefined, user_id: "user_a" }));
    await expect(refused).rejects.toMatchObject({
      variant: "sub",
      message: "Token missing user ID (sub claim).",
    });
  });

  test("iss and aud are not demanded where they are switched off", async () => {
    expect(await verdict(token({ iss: undefined, aud: undefined }), { issuer: null, audience: null })).toBe(
      "accepted",
    );
  });

  test("configured claims are demanded on top, and sub, exp, iat stay demanded", async () => {
    expect(await verdict(token({ jti: undefined }), { requiredClaims: ["jti"] })).toBe("missing_claim");
    expect(await verdict(token({ exp: undefined }), { requiredClaims: [] })).toBe("missing_claim");
  });
});

describe("CS-14 times", () => {
  test("a token is refused at the very second it expires", async () => {
    expect(await verdict(token({ exp: now + 1 }))).toBe("accepted");
    expect(await verdict(token({ exp: now }))).toBe("expired");
  });

  test("times are compared as real numbers", async () => {
    expect(await verdict(token({ exp: now + 0.5 }))).toBe("accepted");
    expect(await verdict(token({ exp: now - 0.5 }))).toBe("expired");
    expect(await verdict(token(), { clock: fixedClock(claims.exp - 0.001) })).toBe("accepted");
  });

  test("the tolerance moves each edge by itself", async () => {
    const clockToleranceSeconds = 30;
    expect(await verdict(token({ exp: now - 29 }), { clockToleranceSeconds })).toBe("accepted");
    expect(await verdict(token({ exp: now - 30 }), { clockToleranceSeconds })).toBe("expired");
    expect(await verdict(token({ nbf: now + 30 }), { clockToleranceSeconds })).toBe("accepted");
    expect(await verdict(token({ nbf: now + 31 }), { clockToleranceSeconds })).toBe("not_yet_valid");
    expect(await verdict(token({ iat: now + 30 }), { clockToleranceSeconds })).toBe("accepted");
    expect(await verdict(token({ iat: now + 31 }), { clockToleranceSeconds })).toBe("not_yet_valid");
  });

  test("without tolerance nbf and iat may be now, not later", async () => {
    expect(await verdict(token({ nbf: now, iat: now }))).toBe("accepted");
    expect(await verdict(token({ nbf: now + 1 }))).toBe("not_yet_valid");
    expect(await verdict(token({ iat: now + 1 }))).toBe("not_yet_valid");
  });

  test("a token that expires before it was issued is invalid_claim", async () => {
    expect(await verdict(token({ iat: now + 20, exp: now + 20 }), { clockToleranceSeconds: 30 })).toBe(
      "invalid_claim",
    );
  });

  test("seven days of life are accepted, a second more is invalid_claim", async () => {
    expect(await verdict(token({ iat: now, exp: now + 604_800 }))).toBe("accepted");
    expect(await verdict(token({ iat: now, exp: now + 604_801 }))).toBe("invalid_claim");
    expect(await verdict(token({ exp: 1e30 }))).toBe("invalid_claim");
  });

  test("expired comes before not_yet_valid", async () => {
    expect(await verdict(token({ exp: now - 1, nbf: now + 100, iat: now + 100 }))).toBe("expired");
  });
});

test.each([`${issuer}/`, issuer.slice(0, -1), "", `${issuer} `, `${issuer}:443`, issuer.toUpperCase()])(
  "CS-15 iss %j is wrong_issuer",
  async (iss) => {
    expect(await verdict(token({ iss }))).toBe("wrong_issuer");
  },
);

describe("CS-16 audience", () => {
  test.each([
    `${audience}/`,
    audience.toUpperCase(),
    "",
    `${audience},b`,
    [],
    [""],
    ["b"],
    "better-auth:session-cache",
  ])("aud %j is wrong_audience", async (aud) => {
    expect(await verdict(token({ aud }))).toBe("wrong_audience");
  });

  test("one of several is enough on either side", async () => {
    expect(await verdict(token({ aud: ["b", audience] }))).toBe("accepted");
    expect(await verdict(token(), { audience: ["b", audience] })).toBe("accepted");
  });

  test("Better Auth's session cookie is wrong_type even beside a good audience or without a configured one", async () => {
    expect(await verdict(token({ aud: [audience, "better-auth:session-cache"] }))).toBe("wrong_type");
    expect(await verdict(token({ aud: "better-auth:session-cache" }), { audience: null })).toBe("wrong_type");
  });
});

describe("CS-17 ids", () => {
  test.each([
    "",
    " ",
    "user_a ",
    " user_a",
    "user_a\u00a0",
    "user_a\0",
    "user_a\n",
    "user\u001b[31m_a",
    "user_a\u0085",
    "user_a\u200b",
    "\u202euser_a",
    "a/b",
    "a\\b",
    "user_a#x",
    "a?b",
    "a%2fb",
    ".",
    "..",
    "u".repeat(256),
    "😀".repeat(256),
  ])("sub %j is invalid_claim", async (sub) => {
    expect(await verdict(token({ sub }))).toBe("invalid_claim");
  });

  test.each(["u".repeat(255), "😀".repeat(255), "...", "a b", "a+b@example.test", "1"])(
    "sub %j is accepted",
    async (sub) => {
      expect(await verdict(token({ sub }))).toBe("accepted");
    },
  );

  test.each(["jti", "sid"])("%s is neither empty nor with control characters", async (name) => {
    expect(await verdict(token({ [name]: "" }))).toBe("invalid_claim");
    expect(await verdict(token({ [name]: "a\r\nb" }))).toBe("invalid_claim");
  });
});

test.each([{ jkt: "x" }, null, "x"])("CS-18 cnf %j is sender_constrained", async (cnf) => {
  expect(await verdict(token({ cnf }))).toBe("sender_constrained");
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
  test("learns code, claim, alg, kid and time, and nothing else of the token", async () => {
    const events: RejectEvent[] = [];
    const verifier = createVerifier({ ...options, onReject: (event) => events.push(event) });
    await expect(verifier.verify(token({ aud: "x" }))).rejects.toMatchObject({ code: "wrong_audience" });
    await expect(verifier.verify("x")).rejects.toMatchObject({ code: "malformed" });
    expect(events).toEqual([
      { code: "wrong_audience", claim: "aud", alg: "HS256", kid: header.kid, at: now },
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
    CountersignError,
  );
  expect(await verdict(token(), { clock: broken })).toBe("internal_error");
  expect(await verdict(token(), { clock: fixedClock(Number.NaN) })).toBe("expired");
});
