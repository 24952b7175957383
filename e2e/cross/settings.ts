import { generateKeyPairSync, type KeyObject } from "node:crypto";

/** A shared key as both languages take it: its text, and a `kid` where it is not computed. */
export type SharedKeySetting = string | { readonly key: string; readonly keyId: string | null };

/** Options of a verifier, in the words of the TypeScript package; the Python program translates them. */
export interface VerifierSettings {
  readonly issuer: readonly string[] | null;
  readonly audience: readonly string[] | null;
  readonly key?: readonly SharedKeySetting[];
  readonly jwks?: { readonly keys: readonly JsonWebKey[] };
  readonly algorithms?: readonly string[];
  readonly acceptedTypes?: readonly (string | null)[];
  readonly requiredClaims?: readonly string[];
  readonly clockToleranceSeconds: number;
  readonly maxTokenBytes?: number;
  /** Values of `jti`, `sid` and `sub` whose tokens are revoked; "fault" stands for a source that fails on it. */
  readonly revoked?: readonly string[];
}

/** The instant at which every verifier of the comparison stands, in seconds since 1970. */
export const now = 1_767_225_600;
export const issuer = "https://auth.example.test";
export const audience = "https://api.example.test";

/** What signs the tokens. */
export interface SigningKey {
  readonly alg: string;
  readonly kid: string | null;
  readonly key: KeyObject | string;
}

const shared = [
  "T6l6XuCzyGdtFocHUHqj7U9yo7-FR1-ifEXuHrVJVhM",
  "MpMyFN0QUSAYBTdpMWhV6DUBTJMB6UuYoQIsFrvmgdE",
] as const;

function pair(alg: string, kid: string) {
  const { publicKey, privateKey } =
    alg.endsWith("S256") && alg !== "ES256"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : alg === "ES256"
        ? generateKeyPairSync("ec", { namedCurve: "P-256" })
        : generateKeyPairSync("ed25519");
  return {
    signing: { alg, kid, key: privateKey },
    jwk: { ...publicKey.export({ format: "jwk" }), alg, kid, use: "sig" },
  };
}

const pairs = [
  pair("EdDSA", "ed-1"),
  pair("EdDSA", "ed-2"),
  pair("ES256", "es-1"),
  pair("RS256", "rs-1"),
  pair("PS256", "ps-1"),
];

export const signingKeys: readonly SigningKey[] = [
  { alg: "HS256", kid: "first", key: shared[0] },
  { alg: "HS256", kid: "second", key: shared[1] },
  ...pairs.map(({ signing }) => signing),
  { alg: "HS256", kid: "first", key: "a key that no verifier was given, 43 letters" },
  pair("EdDSA", "ed-1").signing,
];

const jwks = { keys: pairs.map(({ jwk }) => jwk) };
const anyType = [null, "JWT", "at+jwt"];

const kids = (...known: readonly string[]) =>
  signingKeys.slice(0, -2).filter(({ kid }) => kid !== null && known.includes(kid));

/** The verifiers that are compared. */
export const settings: readonly VerifierSettings[] = [
  {
    issuer: [issuer],
    audience: [audience],
    key: [{ key: shared[0], keyId: "first" }],
    clockToleranceSeconds: 0,
  },
  {
    issuer: ["https://old.example.test", issuer],
    audience: ["https://other.example.test", audience],
    key: [
      { key: shared[1], keyId: "second" },
      { key: shared[0], keyId: "first" },
    ],
    acceptedTypes: anyType,
    clockToleranceSeconds: 5,
  },
  { issuer: [issuer], audience: [audience], jwks, clockToleranceSeconds: 0 },
  {
    issuer: [issuer],
    audience: [audience],
    key: [{ key: shared[0], keyId: "first" }],
    jwks: { keys: jwks.keys.slice(0, 1) },
    clockToleranceSeconds: 60,
    maxTokenBytes: 1024,
    revoked: ["token-2", "session-2", "user_b"],
  },
  {
    issuer: null,
    audience: null,
    key: [{ key: shared[0], keyId: null }],
    requiredClaims: ["jti", "own"],
    acceptedTypes: anyType,
    clockToleranceSeconds: 0.5,
  },
];

/** The keys that each of these verifiers was given. */
export const knownKeys: readonly (readonly SigningKey[])[] = [
  kids("first"),
  kids("first", "second"),
  kids("ed-1", "ed-2", "es-1", "rs-1", "ps-1"),
  kids("first", "ed-1"),
  kids("first"),
];
