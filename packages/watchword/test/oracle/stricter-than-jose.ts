import { claims, encode, headerOf, now, signed } from "./both-verifiers.ts";

/** A token taken apart without any strictness, to tell why it was refused. */
export interface LooseView {
  readonly token: string;
  /** Header and payload as they were encoded. */
  readonly bytes: readonly Buffer[];
  readonly texts: readonly string[];
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** One kind of token that jose accepts and this package refuses. */
export interface Difference {
  readonly name: string;
  readonly why: string;
  /** The code of the refusal. */
  readonly code: string;
  /** Whether a token is of this kind. */
  readonly applies: (view: LooseView) => boolean;
  /** One of the kind. */
  readonly example: string;
}

export function looseView(token: string): LooseView {
  const bytes = token
    .split(".")
    .slice(0, 2)
    .map((part) => Buffer.from(part, "base64url"));
  const texts = bytes.map((one) => new TextDecoder().decode(one));
  const [header = {}, payload = {}] = texts.map((text) => JSON.parse(text));
  return { token, bytes, texts, header, payload };
}

const header = headerOf("HS256");
const good = encode(JSON.stringify(header));
const token = (changes: object, headerChanges: object = {}) =>
  signed(
    encode(JSON.stringify({ ...header, ...headerChanges })),
    encode(JSON.stringify({ ...claims, ...changes })),
    "HS256",
  );
const tokenOf = (payload: string | Buffer) => signed(good, encode(payload), "HS256");
const payloadText = JSON.stringify(claims);

/** Colons outside of strings: one per member. */
const members = (text: string) => text.replace(/"(?:[^"\\]|\\.)*"/gs, "").split(":").length;
const depth = (value: unknown): number =>
  typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0;
const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown) => typeof value === "string";
const has = Object.hasOwn;

/**
 * Everything that jose accepts and this package refuses, on purpose. A random token that is refused here, accepted there
 * and of none of these kinds fails the test: the list cannot grow without somebody writing down why.
 */
export const stricterThanJose: readonly Difference[] = [
  {
    name: "a segment that is not in its only encoding",
    why: "jose decodes with the platform, which skips white space and ignores unused bits: one token has many texts there.",
    code: "malformed",
    applies: ({ token: text }) =>
      text.split(".").some((part) => Buffer.from(part, "base64url").toString("base64url") !== part),
    example: otherLastCharacter(token({})),
  },
  {
    name: "a member twice",
    why: "Readers disagree on which of the two counts (RFC 7515 §4, RFC 8725 §2.4); jose takes the last.",
    code: "malformed",
    applies: ({ texts }) => texts.some((text) => members(text) > members(JSON.stringify(JSON.parse(text)))),
    example: tokenOf(`{"sub":"user_b",${payloadText.slice(1)}`),
  },
  {
    name: "a byte order mark",
    why: "It is no JSON (RFC 8259 §8.1); jose's text decoder drops it.",
    code: "malformed",
    applies: ({ bytes }) => bytes.some((one) => one.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))),
    example: tokenOf(`\ufeff${payloadText}`),
  },
  {
    name: "an unpaired surrogate",
    why: "It is no text in any other language (RFC 8259 §8.2).",
    code: "malformed",
    applies: ({ header: head, payload }) => /\\ud[89a-f]/.test(JSON.stringify([head, payload])),
    example: tokenOf(payloadText.replace("user_a", "\\ud800")),
  },
  {
    name: "JSON deeper than 16 levels",
    why: "Depth is bounded, so that no reader's stack is (CS-4).",
    code: "malformed",
    applies: ({ header: head, payload }) => Math.max(depth(head), depth(payload)) > 16,
    example: tokenOf(payloadText.replace("{", `{"own":${"[".repeat(16)}${"]".repeat(16)},`)),
  },
  {
    name: "a token of more than 8192 bytes",
    why: "Work on unverified text is bounded (CS-2).",
    code: "too_large",
    applies: ({ token: text }) => text.length > 8192,
    example: token({ own: "x".repeat(8192) }),
  },
  {
    name: "crit",
    why: "No extension is understood, so none may be critical (CS-6); jose understands b64.",
    code: "unsupported_crit",
    applies: ({ header: head }) => has(head, "crit"),
    example: token({}, { crit: ["b64"], b64: true }),
  },
  {
    name: "b64 without crit",
    why: "It belongs to RFC 7797, which is not for JWTs (§7); jose ignores it.",
    code: "malformed",
    applies: ({ header: head }) => has(head, "b64") && !has(head, "crit"),
    example: token({}, { b64: true }),
  },
  {
    name: "no kid where several keys are configured",
    why: "A key is chosen by its name, or there is no choice (CS-8); jose takes the one whose type fits.",
    code: "unknown_key",
    applies: ({ header: head }) => !has(head, "kid"),
    example: signed(encode(JSON.stringify({ alg: "EdDSA", typ: "at+jwt" })), encode(payloadText), "EdDSA"),
  },
  {
    name: "the shape of Better Auth's session cookie",
    why: "It is signed for another purpose (CS-11).",
    code: "wrong_type",
    applies: ({ payload }) => isObject(payload["session"]) && isObject(payload["user"]),
    example: token({ session: {}, user: {} }),
  },
  {
    name: "the audience of Better Auth's session cookie, beside a good one",
    why: "It is signed for another purpose (CS-16).",
    code: "wrong_type",
    applies: ({ payload }) => [payload["aud"]].flat().includes("better-auth:session-cache"),
    example: token({ aud: [claims.aud, "better-auth:session-cache"] }),
  },
  {
    name: "a registered claim of another type",
    why: "Types are those of RFC 7519 §4.1 (CS-12); jose looks at those that it compares.",
    code: "invalid_claim",
    applies: ({ payload }) =>
      ["iss", "sub", "jti", "sid"].some((name) => has(payload, name) && !isText(payload[name])) ||
      (has(payload, "aud") && ![payload["aud"]].flat().every(isText)) ||
      ["exp", "nbf", "iat"].some((name) => has(payload, name) && !Number.isFinite(payload[name])),
    example: token({ jti: 1 }),
  },
  {
    name: "a life that is no life, or too long",
    why: "exp − iat is more than 0 and at most 7 days (CS-14).",
    code: "invalid_claim",
    applies: ({ payload }) => {
      const life = Number(payload["exp"]) - Number(payload["iat"]);
      return !(life > 0 && life <= 604_800);
    },
    example: token({ exp: now + 604_800 }),
  },
  {
    name: "a sub that is no user id",
    why: "It stands in a URL and means one user to every reader (CS-17).",
    code: "invalid_claim",
    applies: ({ payload }) =>
      isText(payload["sub"]) &&
      (/^\.{0,2}$|[\p{C}\p{Zl}\p{Zp}/\\?#%]|^\p{Z}|\p{Z}$/u.test(payload["sub"]) ||
        [...payload["sub"]].length > 255),
    example: token({ sub: "a/b" }),
  },
  {
    name: "an empty jti or sid, or a control character in it",
    why: "They are looked up and logged (CS-17).",
    code: "invalid_claim",
    applies: ({ payload }) =>
      ["jti", "sid"].some((name) => isText(payload[name]) && /^$|\p{Cc}/u.test(payload[name])),
    example: token({ sid: "" }),
  },
  {
    name: "a token that is bound to a key",
    why: "A bearer cannot prove to hold the key (CS-18).",
    code: "sender_constrained",
    applies: ({ payload }) => has(payload, "cnf"),
    example: token({ cnf: { jkt: "x" } }),
  },
];

/** The same bytes, written with other unused bits. */
function otherLastCharacter(text: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const last = alphabet.indexOf(text.slice(-1));
  return text.slice(0, -1) + alphabet.charAt(last + 1);
}
