import { readdirSync, readFileSync } from "node:fs";

/** A key as JSON (RFC 7517 §4). */
export type Jwk = Readonly<Record<string, unknown>>;

/** One test of wycheproof, the members that are read here. */
export interface WycheproofTest {
  readonly tcId: number;
  readonly result: "valid" | "invalid" | "acceptable";
  /** Hexadecimal. */
  readonly key: string;
  readonly msg: string;
  readonly tag: string;
  readonly sig: string;
  /** Compact JWS or JWE. */
  readonly jws?: string;
  readonly jwe?: string;
}

/** Tests of wycheproof that share a key. */
export interface WycheproofGroup {
  readonly publicKey: {
    readonly uncompressed: string;
    readonly pk: string;
    readonly modulus: string;
    readonly publicExponent: string;
  };
  readonly public?: Jwk;
  readonly private?: Jwk;
  readonly tests: readonly WycheproofTest[];
}

/** One example of the JOSE cookbook. */
export interface CookbookExample {
  readonly input: { readonly key: Jwk };
  readonly output: { readonly compact?: string; readonly json?: unknown };
  readonly sign: CookbookExample;
  readonly encrypt: CookbookExample;
}

/** One example of an RFC. */
export interface RfcExample {
  readonly id: string;
  readonly key: Jwk | null;
  readonly jws: string;
  readonly result: "valid" | "invalid";
}

/** What is expected of one file: how many cases it has, and where this project decides otherwise than its authors. */
export interface Expectation {
  readonly cases: number;
  readonly accepted: number;
  readonly exceptions: readonly {
    readonly ids: readonly (number | string)[];
    readonly expect: "accepted" | "refused";
    readonly why: string;
  }[];
}

const folder = new URL("../../../../contract/vectors/public/", import.meta.url);

export function readPublic<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, folder), "utf8"));
}

/** Every file of public vectors, by its path in the folder. */
export function publicFiles(): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.includes("/") && path.endsWith(".json"))
    .sort();
}
