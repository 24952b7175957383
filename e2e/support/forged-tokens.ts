import { createHmac } from "node:crypto";
import { type Claims, derivedKey, goodClaims, goodHeader, nowSeconds, type Realm, tokenOf } from "./token.ts";

/** A token that must be refused, with what is wrong with it and the codes that the contract allows for it. */
export interface ForgedToken {
  readonly fact: string;
  readonly codes: readonly string[];
  readonly token: string;
}

function swap(text: string, at: number): string {
  return `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
}

/** The same signature in an encoding whose unused last bits are set. */
function otherEncoding(token: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const last = alphabet.indexOf(token.at(-1) ?? "A");
  return `${token.slice(0, -1)}${alphabet[last ^ 1] ?? "A"}`;
}

/** Tokens with one thing wrong each; everything else about them is right, the signature included where it can be. */
export function forgedTokens(realm: Realm, subject: string): readonly ForgedToken[] {
  const claims = goodClaims(realm, subject);
  const header = goodHeader(realm);
  const now = nowSeconds();
  const good = tokenOf(realm, { payload: claims });
  const [headerPart = "", payloadPart = "", signature = ""] = good.split(".");
  const withClaims = (fact: string, code: string, change: Claims): ForgedToken => ({
    fact,
    codes: [code],
    token: tokenOf(realm, { payload: { ...claims, ...change } }),
  });
  const withHeader = (fact: string, code: string, change: Claims): ForgedToken => ({
    fact,
    codes: [code],
    token: tokenOf(realm, { header: { ...header, ...change }, payload: claims }),
  });
  const withText = (fact: string, code: string, token: string): ForgedToken => ({
    fact,
    codes: [code],
    token,
  });
  const payloadText = JSON.stringify(claims);
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

  return [
    withText("of one segment", "malformed", headerPart),
    withText("of two segments", "malformed", `${headerPart}.${payloadPart}`),
    withText("of four segments", "malformed", `${good}.AAAA`),
    withText("with an empty header", "malformed", `.${payloadPart}.${signature}`),
    withText("with an empty payload", "malformed", `${headerPart}..${signature}`),
    withText("with an empty signature", "malformed", `${headerPart}.${payloadPart}.`),
    withText("with padding", "malformed", `${good}=`),
    withText("with a character outside of base64url", "malformed", `${good.slice(0, -1)}+`),
    withText("longer than 8192 bytes", "too_large", `${headerPart}.${"A".repeat(9000)}.${signature}`),
    withText("whose header is no JSON", "malformed", tokenOf(realm, { header: "{bad", payload: claims })),
    withText("whose header is a list", "malformed", tokenOf(realm, { header: "[]", payload: claims })),
    withText(
      "whose header is not UTF-8",
      "malformed",
      tokenOf(realm, { header: Buffer.from('{"alg":"HS256","typ":"\xff"}', "latin1"), payload: claims }),
    ),
    withText(
      "whose header repeats a member",
      "malformed",
      tokenOf(realm, {
        header: `{"alg":"HS256","alg":"HS256","kid":"${header["kid"]}","typ":"at+jwt"}`,
        payload: claims,
      }),
    ),
    withText(
      "whose header is nested too deep",
      "malformed",
      tokenOf(realm, { header: `{"alg":"HS256","typ":"at+jwt","x":${nested(20)}}`, payload: claims }),
    ),
    withHeader("with alg none", "unsupported_alg", { alg: "none" }),
    {
      fact: "with alg none and no signature",
      codes: ["malformed", "unsupported_alg"],
      token: `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString("base64url")}.${payloadPart}.`,
    },
    withHeader("with alg hs256 in lower case", "unsupported_alg", { alg: "hs256" }),
    withHeader("with alg HS512", "unsupported_alg", { alg: "HS512" }),
    withHeader("with alg RS256", "unsupported_alg", { alg: "RS256" }),
    withHeader("without an alg", "unsupported_alg", { alg: undefined }),
    withHeader("with a number as alg", "unsupported_alg", { alg: 256 }),
    withHeader("with crit", "unsupported_crit", { crit: ["exp"] }),
    withHeader("with an empty crit", "unsupported_crit", { crit: [] }),
    withHeader("with b64", "malformed", { b64: true }),
    withHeader("with a number as kid", "malformed", { kid: 7 }),
    withHeader("without a typ", "wrong_type", { typ: undefined }),
    withHeader("of type JWT", "wrong_type", { typ: "JWT" }),
    withHeader("of Better Auth's session cache type", "wrong_type", { typ: "better-auth.session-cache+jwt" }),
    withHeader('whose typ holds quotes and line breaks: "injected', "wrong_type", {
      typ: 'a"\r\nX-Injected: injected',
    }),
    withHeader("whose kid names no key", "unknown_key", { kid: "0123456789abcdef" }),
    withHeader("whose kid is a path", "unknown_key", { kid: "../../../dev/null" }),
    withHeader("whose kid is empty", "unknown_key", { kid: "" }),
    withText(
      "with a changed signature",
      "bad_signature",
      `${headerPart}.${payloadPart}.${swap(signature, 5)}`,
    ),
    withText(
      "with a truncated signature",
      "bad_signature",
      `${headerPart}.${payloadPart}.${signature.slice(0, 40)}`,
    ),
    {
      fact: "whose signature is encoded otherwise",
      codes: ["bad_signature", "malformed"],
      token: otherEncoding(good),
    },
    withText(
      "whose payload was exchanged",
      "bad_signature",
      `${headerPart}.${Buffer.from(JSON.stringify({ ...claims, sub: "other" })).toString("base64url")}.${signature}`,
    ),
    withText(
      "signed with the raw secret",
      "bad_signature",
      tokenOf(realm, { payload: claims, key: realm.secret }),
    ),
    withText("signed with an empty key", "bad_signature", tokenOf(realm, { payload: claims, key: "" })),
    withText(
      "signed with another secret's key",
      "bad_signature",
      tokenOf(realm, {
        payload: claims,
        key: derivedKey({ ...realm, secret: "another secret of at least 32 characters" }),
      }),
    ),
    withText(
      "signed with SHA-512 under alg HS256",
      "bad_signature",
      tokenOf(realm, { payload: claims, hash: "sha512" }),
    ),
    withText(
      "with its own key in a jwk header",
      "bad_signature",
      tokenOf(realm, {
        header: { ...header, jwk: { kty: "oct", k: "YXR0YWNrZXI", alg: "HS256" } },
        payload: claims,
        key: "attacker",
      }),
    ),
    withText("whose payload is no JSON", "malformed", tokenOf(realm, { payload: "{bad" })),
    withText("whose payload is a list", "malformed", tokenOf(realm, { payload: "[]" })),
    withText("whose payload is null", "malformed", tokenOf(realm, { payload: "null" })),
    withText(
      "whose payload begins with a byte order mark",
      "malformed",
      tokenOf(realm, { payload: `\ufeff${payloadText}` }),
    ),
    withText(
      "whose payload repeats sub",
      "malformed",
      tokenOf(realm, { payload: `${payloadText.slice(0, -1)},"sub":${JSON.stringify(subject)}}` }),
    ),
    withText(
      "whose payload is not UTF-8",
      "malformed",
      tokenOf(realm, { payload: Buffer.from(`${payloadText.slice(0, -1)},"x":"\xff"}`, "latin1") }),
    ),
    withText(
      "whose payload is nested too deep",
      "malformed",
      tokenOf(realm, { payload: `${payloadText.slice(0, -1)},"x":${nested(20)}}` }),
    ),
    withText(
      "whose payload holds NaN",
      "malformed",
      tokenOf(realm, { payload: `${payloadText.slice(0, -1)},"x":NaN}` }),
    ),
    withClaims("that is a session cache", "wrong_type", { session: {}, user: {} }),
    withClaims("for the session cache", "wrong_audience", { aud: "better-auth:session-cache" }),
    withClaims("for the session cache among others", "wrong_type", {
      aud: [realm.audience, "better-auth:session-cache"],
    }),
    withClaims("without sub", "missing_claim", { sub: undefined }),
    withClaims("without exp", "missing_claim", { exp: undefined }),
    withClaims("without iat", "missing_claim", { iat: undefined }),
    withClaims("without iss", "missing_claim", { iss: undefined }),
    withClaims("without aud", "missing_claim", { aud: undefined }),
    withClaims("with a number as sub", "invalid_claim", { sub: 1 }),
    withClaims("with null as sub", "invalid_claim", { sub: null }),
    withClaims("with an empty sub", "invalid_claim", { sub: "" }),
    withClaims("whose sub holds a control character", "invalid_claim", { sub: `${subject}\u0000` }),
    withClaims("whose sub ends in white space", "invalid_claim", { sub: `${subject} ` }),
    withClaims("whose sub splits a path", "invalid_claim", { sub: `${subject}/x` }),
    withClaims("whose sub starts an escape", "invalid_claim", { sub: `${subject}%41` }),
    withClaims("whose sub starts a query", "invalid_claim", { sub: `${subject}?x` }),
    withClaims("whose sub is a parent folder", "invalid_claim", { sub: ".." }),
    withClaims("whose sub holds what is not seen", "invalid_claim", { sub: `${subject}\u200b` }),
    withClaims("whose sub is longer than 255 characters", "invalid_claim", { sub: "u".repeat(256) }),
    withClaims("with text as exp", "invalid_claim", { exp: String(now + 900) }),
    withClaims("with text as iat", "invalid_claim", { iat: String(now) }),
    withClaims("with text as nbf", "invalid_claim", { nbf: "0" }),
    withClaims("with a number in aud", "invalid_claim", { aud: [realm.audience, 1] }),
    withClaims("with a number as jti", "invalid_claim", { jti: 1 }),
    withClaims("with an empty sid", "invalid_claim", { sid: "" }),
    withText(
      "whose exp is beyond every number",
      "invalid_claim",
      tokenOf(realm, { payload: payloadText.replace(/"exp":\d+/, '"exp":1e999') }),
    ),
    withClaims("that expired", "expired", { iat: now - 1000, exp: now - 60 }),
    withClaims("that expired in 1970", "expired", { iat: 1, exp: 3600 }),
    withClaims("not valid yet", "not_yet_valid", { nbf: now + 600 }),
    withClaims("issued in the future", "not_yet_valid", { iat: now + 600, exp: now + 1200 }),
    withClaims("that expires before it was issued", "invalid_claim", { iat: now + 4, exp: now + 3 }),
    withClaims("that lives longer than seven days", "invalid_claim", { exp: now + 8 * 86_400 }),
    withClaims("of another issuer", "wrong_issuer", { iss: "http://localhost:3999" }),
    withClaims("whose issuer ends in a slash", "wrong_issuer", { iss: `${realm.issuer}/` }),
    withClaims("for another audience", "wrong_audience", { aud: "http://localhost:8999" }),
    withClaims("whose audience ends in a slash", "wrong_audience", { aud: `${realm.audience}/` }),
    withClaims("for no audience", "wrong_audience", { aud: [] }),
    withClaims("bound to a key", "sender_constrained", { cnf: { jkt: "x" } }),
    withText("that is Better Auth's e-mail verification token", "wrong_type", emailVerificationToken(realm)),
  ];
}

/** The kind of JWT that Better Auth itself signs with the raw secret. */
function emailVerificationToken(realm: Realm): string {
  const now = nowSeconds();
  const encode = (content: object) => Buffer.from(JSON.stringify(content)).toString("base64url");
  const input = `${encode({ alg: "HS256" })}.${encode({ email: "a@example.test", iat: now, exp: now + 900 })}`;
  return `${input}.${createHmac("sha256", realm.secret).update(input).digest("base64url")}`;
}
