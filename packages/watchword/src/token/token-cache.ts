import type { Identity } from "./identity.ts";

/** A verified token. */
export interface CachedToken {
  readonly token: string;
  /** With the claims as sent, frozen at every level: nothing outside can change what the next request is told. */
  readonly identity: Identity;
  /** `nbf`, in seconds since 1970; `iat` where that is later. */
  readonly validFrom: number;
  /** Of the keys that vouched for it. */
  readonly keyGeneration: number;
}

/**
 * Remembers verified tokens, at most `maxEntries` of them, in two generations: when the younger one is full, the older
 * one is forgotten as a whole. Refusals are never remembered.
 */
export class TokenCache {
  readonly #perGeneration: number;
  #young = new Map<string, CachedToken>();
  #old = new Map<string, CachedToken>();

  constructor(maxEntries: number) {
    this.#perGeneration = Math.floor(maxEntries / 2);
  }

  /** What is remembered of exactly this token. */
  get(token: string): CachedToken | undefined {
    const key = keyOf(token);
    const young = this.#young.get(key);
    const entry = young ?? this.#old.get(key);
    if (entry === undefined || entry.token !== token) return undefined;
    if (young === undefined) this.set(entry);
    return entry;
  }

  set(entry: CachedToken): void {
    if (this.#young.size >= this.#perGeneration) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(keyOf(entry.token), entry);
  }

  /** How many entries there are, for the bound's sake. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }
}

/** The end of a token differs for every token; the whole text is compared afterwards. */
const keyCharacters = 22;

function keyOf(token: string): string {
  return token.slice(-keyCharacters);
}
