import fc from "fast-check";
import { errors, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { WatchwordError } from "../../src/errors.ts";
import { createVerifier } from "../../src/feed/create-verifier.ts";
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
  verdict,
} from "../sample-token.ts";

const verifier = createVerifier(options);

/** jose with the same expectations: the oracle. What we accept, it accepts. */
async function jose(text: string): Promise<unknown> {
  const { payload } = await jwtVerify(text, Buffer.from(key, "utf8"), {
    algorithms: ["HS256"],
    issuer,
    audience,
    typ: "at+jwt",
    currentDate: new Date(now * 1000),
    requiredClaims: ["sub", "exp", "iat"],
    maxTokenAge: 604_800,
  });
  return payload;
}

const time = fc.oneof(
  fc.integer({ min: now - 700_000, max: now + 700_000 }),
  fc.double({ min: now - 3, max: now + 3, noNaN: true }),
  fc.jsonValue({ maxDepth: 1 }),
);
const text = (good: string) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(good) }, fc.jsonValue({ maxDepth: 2 }));
const payloads = fc.record(
  {
    iss: text(issuer),
    aud: fc.oneof(text(audience), fc.constant(["b", audience])),
    sub: fc.oneof(text("user_a"), fc.string({ unit: "grapheme" })),
    iat: fc.oneof({ weight: 4, arbitrary: fc.constant(claims.iat) }, time),
    exp: fc.oneof({ weight: 4, arbitrary: fc.constant(claims.exp) }, time),
    nbf: fc.oneof({ weight: 2, arbitrary: fc.constant(now) }, time),
    jti: text("token-1"),
    sid: text("session-1"),
    email: text("a@example.test"),
    own: fc.jsonValue({ maxDepth: 4 }),
  },
  { requiredKeys: [] },
);
const headers = fc
  .record(
    {
      alg: fc.oneof(
        { weight: 12, arbitrary: fc.constant("HS256") },
        fc.constantFrom("none", "hs256", "HS512"),
        fc.jsonValue(),
      ),
      kid: fc.oneof({ weight: 6, arbitrary: fc.constant(header.kid) }, fc.jsonValue({ maxDepth: 1 })),
      typ: fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom("at+jwt", "application/at+jwt", "AT+JWT") },
        fc.jsonValue(),
      ),
      crit: fc.oneof(fc.constant(["exp"]), fc.jsonValue({ maxDepth: 1 })),
    },
    { requiredKeys: ["alg", "typ"] },
  )
  .chain((full) =>
    fc.boolean().map((keep) => (keep || full.crit === undefined ? full : { ...full, crit: undefined })),
  );

describe("with jose as the oracle", () => {
  test("what we accept, jose accepts with the same claims", async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(headers, payloads, async (anyHeader, anyPayload) => {
        const signed = signSegments(
          encode(JSON.stringify(anyHeader)),
          encode(JSON.stringify({ ...claims, ...anyPayload })),
        );
        if ((await verdict(signed)) !== "accepted") return;
        accepted += 1;
        const identity = await verifier.verify(signed);
        expect({ ...identity.claims }).toEqual(await jose(signed));
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  test("an unchanged token is accepted by both", async () => {
    expect({ ...(await verifier.verify(token())).claims }).toEqual(await jose(token()));
  });

  test("a changed character is refused by us, wherever it stands", async () => {
    const good = token();
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: good.length - 1 }),
        fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 1 }),
        async (at, other) => {
          fc.pre(good[at] !== other);
          expect(await verdict(good.slice(0, at) + other + good.slice(at + 1))).not.toBe("accepted");
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("jose accepts duplicate members, which we refuse: our list of differences is no accident", async () => {
    const doubled = signSegments(
      encode(JSON.stringify(header)),
      encode(`{"sub":"user_b",${JSON.stringify(claims).slice(1)}`),
    );
    expect(await jose(doubled)).toMatchObject({ sub: "user_a" });
    expect(await verdict(doubled)).toBe("malformed");
  });

  test("both refuse a token at the very second it expires", async () => {
    await expect(jose(token({ exp: now }))).rejects.toBeInstanceOf(errors.JWTExpired);
    expect(await verdict(token({ exp: now }))).toBe("expired");
  });
});

describe("hostile input", () => {
  const refused = async (hostile: string) => {
    const error: unknown = await verifier.verify(hostile).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WatchwordError);
    expect(error).not.toMatchObject({ code: "internal_error" });
  };

  test("any text is refused by a code", async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: "binary" }), refused), { numRuns: 1000 });
  });

  test("any three segments are refused by a code", async () => {
    const bytes = fc.uint8Array({ minLength: 1 }).map(encode);
    const segments = fc.tuple(bytes, bytes, bytes).map((parts) => parts.join("."));
    await fc.assert(fc.asyncProperty(segments, refused), { numRuns: 1000 });
  });

  test("any signed JSON is decided by a code or an identity", async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.json(), async (first, second) => {
        const code = await verdict(signSegments(encode(first), encode(second)));
        expect(code).not.toBe("internal_error");
        expect(await verdict(signSegments(encode(JSON.stringify(header)), encode(second)))).not.toBe(
          "internal_error",
        );
      }),
      { numRuns: 1000 },
    );
  });
});
