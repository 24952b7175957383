import {
  constants,
  generateKeyPairSync,
  type KeyObject,
  type KeyPairKeyObjectResult,
  sign,
} from "node:crypto";
import { type Clock, systemClock } from "../clock.ts";
import type { JsonObject } from "../encoding/strict-json.ts";
import { encodeMembers, tokenType } from "../token/jws.ts";
import { defaultClaims } from "./mint-token.ts";

export type IssuerAlgorithm = "EdDSA" | "ES256" | "RS256" | "PS256";

/** What {@link FakeIssuer} is made of. */
export interface FakeIssuerOptions {
  /** Of the keys that it makes. Default `EdDSA`. */
  readonly algorithm?: IssuerAlgorithm;
  /** `iss` of its tokens. Default `http://localhost:3000`. */
  readonly issuer?: string;
  /** `aud` of its tokens. Default `http://localhost:8000`. */
  readonly audience?: string;
  /** Where `iat` comes from. */
  readonly clock?: Clock;
}

/** What a test says about a token; every member but `header` is a claim, and one that is `undefined` is left out. */
export interface IssuedToken {
  /** Changes to the header `{ alg, kid, typ: "at+jwt" }`; `undefined` leaves a member out. */
  readonly header?: Readonly<Record<string, unknown>>;
  readonly [claim: string]: unknown;
}

/**
 * An issuer in public-key mode, without Better Auth and without a network:
 *
 * ```ts
 * const issuer = new FakeIssuer({ clock });
 * const { issuer: iss, audience, jwksUrl, fetch } = issuer;
 * const verifier = createVerifier({ issuer: iss, audience, jwksUrl, fetch, clock });
 * await verifier.verify(issuer.mintToken({ sub: "user_a" }));
 * ```
 */
export class FakeIssuer {
  /** Where its keys seem to be published: only {@link fetch} knows. */
  readonly jwksUrl = "https://issuer.test/api/auth/jwks";
  readonly issuer: string;
  readonly audience: string;
  /** Set to `false`, it answers nobody. */
  reachable = true;
  /** How often its keys were asked for. */
  fetches = 0;
  readonly #algorithm: IssuerAlgorithm;
  readonly #clock: Clock;
  #made = 0;
  #published: readonly JsonObject[] = [];
  #key!: KeyObject;

  constructor(options: FakeIssuerOptions = {}) {
    this.issuer = options.issuer ?? "http://localhost:3000";
    this.audience = options.audience ?? "http://localhost:8000";
    this.#algorithm = options.algorithm ?? "EdDSA";
    this.#clock = options.clock ?? systemClock;
    this.rotate();
  }

  /** The key set that it publishes (RFC 7517 §5), for `createVerifier({ jwks })`. */
  get jwks(): { readonly keys: readonly JsonObject[] } {
    return { keys: this.#published };
  }

  /** The name of the key that signs. */
  get kid(): string {
    return `key-${this.#made}`;
  }

  /** A new key signs from now on. The others stay published unless `keep` is `false`. */
  rotate({ keep = true }: { readonly keep?: boolean } = {}): void {
    const { privateKey, publicKey } = keyPair(this.#algorithm);
    this.#made += 1;
    this.#key = privateKey;
    const jwk = { ...publicKey.export({ format: "jwk" }), kid: this.kid, alg: this.#algorithm, use: "sig" };
    this.#published = [...(keep ? this.#published : []), jwk];
  }

  /** For `createVerifier({ fetch })`: its key set as JSON. */
  readonly fetch = async (): Promise<Response> => {
    this.fetches += 1;
    if (!this.reachable) throw new TypeError("The issuer is out of reach.");
    return Response.json(this.jwks);
  };

  /** As `mintToken`: nothing is checked, so that bad tokens can be minted too. */
  mintToken({ header, ...claims }: IssuedToken = {}): string {
    const usedHeader = { alg: this.#algorithm, kid: this.kid, typ: tokenType, ...header };
    const payload = { ...defaultClaims(this.#clock), iss: this.issuer, aud: this.audience, ...claims };
    const input = `${encodeMembers(usedHeader)}.${encodeMembers(payload)}`;
    return `${input}.${signature(this.#algorithm, this.#key, input).toString("base64url")}`;
  }
}

function keyPair(algorithm: IssuerAlgorithm): KeyPairKeyObjectResult {
  if (algorithm === "EdDSA") return generateKeyPairSync("ed25519");
  if (algorithm === "ES256") return generateKeyPairSync("ec", { namedCurve: "P-256" });
  return generateKeyPairSync("rsa", { modulusLength: 2048 });
}

function signature(algorithm: IssuerAlgorithm, key: KeyObject, input: string): Buffer {
  const data = Buffer.from(input, "latin1");
  switch (algorithm) {
    case "EdDSA":
      return sign(null, data, key);
    case "ES256":
      return sign("sha256", data, { key, dsaEncoding: "ieee-p1363" });
    case "RS256":
      return sign("sha256", data, key);
    case "PS256":
      return sign("sha256", data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
  }
}
