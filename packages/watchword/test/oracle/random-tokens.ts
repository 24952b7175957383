import fc from "fast-check";
import {
  audience,
  claims,
  encode,
  headerOf,
  issuer,
  now,
  type SigningAlgorithm,
  signed,
  signingAlgorithms,
} from "./both-verifiers.ts";

const often = <T>(weight: number, value: T, ...others: readonly fc.Arbitrary<unknown>[]) =>
  fc.oneof({ weight, arbitrary: fc.constant(value) }, ...others);
const anyJson = fc.jsonValue({ maxDepth: 2 });
const anyText = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary", maxLength: 3 }),
  fc.constantFrom("", ".", "..", "a/b", " a", "a\u200b", "a".repeat(256), "\ud800"),
);
const time = fc.oneof(
  fc.integer({ min: now - 700_000, max: now + 700_000 }),
  fc.double({ min: now - 3, max: now + 3, noNaN: true }),
  fc.constantFrom(now, now - 1, now + 1, now + 604_740, now + 604_741),
  anyJson,
);
const left = fc.constant(undefined);
const nested = fc
  .integer({ min: 12, max: 20 })
  .map((levels) => JSON.parse("[".repeat(levels) + "]".repeat(levels)));

const payload = fc.record({
  iss: often(24, issuer, left, anyJson),
  aud: often(
    24,
    audience,
    fc.constantFrom(["b", audience], [audience, "better-auth:session-cache"], [audience, 1]),
    anyJson,
  ),
  sub: often(10, "user_a", left, anyText, anyJson),
  iat: often(20, claims.iat, left, time),
  exp: often(20, claims.exp, left, time),
  nbf: often(20, undefined, time),
  jti: often(16, "token-1", left, anyText, anyJson),
  sid: often(16, "session-1", left, anyText, anyJson),
  cnf: often(30, undefined, anyJson),
  own: often(8, undefined, anyJson, nested, fc.constant("x".repeat(8000))),
  session: often(16, undefined, fc.constant({})),
  user: often(16, undefined, fc.constant({})),
});

const headerChanges = fc.record({
  alg: often(30, 0, fc.constantFrom("none", "hs256", "HS512", ...signingAlgorithms), anyJson),
  kid: often(20, 0, left, fc.constantFrom("key-of-HS256", "key-of-ES256", "__proto__"), anyJson),
  typ: often(20, "at+jwt", left, fc.constantFrom("application/at+jwt", "AT+JWT", "JWT"), anyJson),
  crit: often(40, undefined, fc.constant(["b64"]), anyJson),
  b64: often(40, undefined, fc.boolean()),
  jwk: often(30, undefined, anyJson),
});

/** Changes to the text of a JSON object. */
const rewrite: fc.Arbitrary<(text: string) => string> = often(
  24,
  (text: string) => text,
  fc.constantFrom("sub", "alg", "exp").map((name) => (text: string) => `{"${name}":"twice",${text.slice(1)}`),
  fc.constantFrom("\ufeff", " ", "\n", "\u00a0").map((space) => (text: string) => space + text),
  fc.constant((text: string) => text.replace("user_a", "\\ud800")),
  fc.constant((text: string) => text.replace("user_a", "\\u0075ser_a")),
  fc.constant((text: string) => text.replace(/"exp":\d+/, '"exp":1e400')),
) as fc.Arbitrary<(text: string) => string>;

/** Changes to the finished token. */
const tamper: fc.Arbitrary<(token: string) => string> = often(
  20,
  (token: string) => token,
  fc.tuple(fc.nat(), fc.constantFrom(..."AQgw_ =.\n")).map(([at, put]) => (token: string) => {
    const place = at % token.length;
    return token.slice(0, place) + put + token.slice(place + 1);
  }),
  fc.tuple(fc.nat(), fc.constantFrom(" ", "\n", "=", "A")).map(([at, put]) => (token: string) => {
    const place = at % token.length;
    return token.slice(0, place) + put + token.slice(place);
  }),
  fc.constantFrom("=", "==", " ", "\n", "B").map((end) => (token: string) => token + end),
  fc.constantFrom("B", "h", "x", "F").map((end) => (token: string) => token.slice(0, -1) + end),
) as fc.Arbitrary<(token: string) => string>;

function build(
  alg: SigningAlgorithm,
  changes: Readonly<Record<string, unknown>>,
  content: object,
  [rewriteHeader, rewritePayload]: readonly [(text: string) => string, (text: string) => string],
): string {
  const head: Record<string, unknown> = { ...headerOf(alg), ...changes };
  // 0 stands for what the algorithm's key needs.
  for (const name of ["alg", "kid"]) if (head[name] === 0) head[name] = headerOf(alg)[name];
  return signed(
    encode(rewriteHeader(JSON.stringify(head))),
    encode(rewritePayload(JSON.stringify(content))),
    alg,
  );
}

/** Tokens by every algorithm, good and bad, most of them under a right signature. */
export const anyToken: fc.Arbitrary<string> = fc
  .tuple(
    // The cheap signatures more often.
    fc.constantFrom<SigningAlgorithm[]>(
      "HS256",
      "HS256",
      "HS256",
      "EdDSA",
      "EdDSA",
      "ES256",
      "ES256",
      "RS256",
      "PS256",
    ),
    headerChanges,
    payload,
    fc.tuple(rewrite, rewrite),
    tamper,
  )
  .map(([alg, changes, content, rewrites, change]) => change(build(alg, changes, content, rewrites)));
