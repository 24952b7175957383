import type { KeyObject } from "node:crypto";
import type { Clock } from "../../clock.ts";
import type { KeyRotatedEvent, Report } from "../audit.ts";
import type { SecretConfig } from "../secret-config.ts";
import type { KeyPolicy } from "./key-options.ts";
import { importPrivateKey, type PublishedKey } from "./key-pair.ts";
import {
  decryptKey,
  deleteKeys,
  type KeyStore,
  publishedKey,
  readKeys,
  retireOtherKeys,
  type StoredKey,
  setKeyAside,
  storeNewKey,
} from "./stored-keys.ts";

/** Why a key is made. */
type Reason = KeyRotatedEvent["reason"];

/** A key of the ring. Times are seconds since 1970. */
interface RingKey {
  readonly slot: number;
  readonly published: PublishedKey;
  readonly signsFrom: number;
  readonly retired: boolean;
  /** `undefined` when no secret at hand decrypts it. */
  readonly privateKey: KeyObject | undefined;
}

/** The key that signs now. */
export interface RingSigner {
  readonly published: PublishedKey;
  readonly privateKey: KeyObject;
}

/** What a ring works with. */
export interface KeyRingOptions {
  readonly store: KeyStore;
  readonly secretConfig: SecretConfig;
  readonly policy: KeyPolicy;
  /** The longest life of a token, in seconds. */
  readonly longestTtlSeconds: number;
  readonly clock: Clock;
  readonly report: Report;
}

/** How old the keys at hand may be before the table is asked again, in seconds: another replica may have retired one. */
export const reloadSeconds = 10;
/** Verifiers accept a token until their clock tolerance after `exp`: at most this many seconds. */
const maxClockToleranceSeconds = 60;
/** Tries to fill a slot that other replicas fill at the same time. */
const maxTries = 5;

/**
 * The key pairs of an issuer, kept in its database and shared by its replicas. A new key is published before it signs and
 * an old one until its last token has expired. Private keys are decrypted and imported once, not per token.
 *
 * A key that the secrets at hand do not decrypt is not used for signing: the newest that they do decrypt is, and a new one
 * is made when there is none. So issuing goes on after Better Auth's secret has changed, and two replicas with different
 * secrets in the middle of a deployment do not replace each other's keys.
 */
export class KeyRing {
  readonly #options: KeyRingOptions;
  #keys: readonly RingKey[] = [];
  readonly #imported = new Map<string, KeyObject | undefined>();
  #readAt = Number.NEGATIVE_INFINITY;
  #working: Promise<void> | undefined;

  constructor(options: KeyRingOptions) {
    this.#options = options;
  }

  /** The key that signs now. The first call makes the first key. */
  async signer(): Promise<RingSigner> {
    await this.#ready();
    const { published, privateKey } = this.#current() ?? this.#upcoming() ?? fail();
    return { published, privateKey: privateKey ?? fail() };
  }

  /** What `/jwks` answers: every key that may have signed a token that is still good, and the next one. */
  async published(): Promise<readonly PublishedKey[]> {
    await this.#ready();
    const now = this.#now();
    return this.#keys.filter((key) => now < this.#publishedUntil(key)).map(({ published }) => published);
  }

  /**
   * Begins a rotation now.
   *
   * @param compromised takes the other keys out of use at once: tokens that they signed are refused as soon as verifiers
   *   have read the keys again
   */
  async rotate(compromised: boolean): Promise<PublishedKey> {
    await this.#ready();
    const now = this.#now();
    const signsFrom = compromised ? now : now + this.#options.policy.overlapSeconds;
    const made = await this.#create(signsFrom, compromised ? "compromised" : "forced");
    if (compromised) await retireOtherKeys(this.#options.store, String(made.slot), now);
    await this.#read();
    return made.published;
  }

  #now(): number {
    return this.#options.clock.now();
  }

  /** One reading at a time, for all requests of the process. */
  async #ready(): Promise<void> {
    if (this.#isFresh()) return;
    this.#working ??= this.#renew().finally(() => {
      this.#working = undefined;
    });
    await this.#working;
  }

  #isFresh(): boolean {
    const age = this.#now() - this.#readAt;
    return age >= 0 && age < reloadSeconds && this.#current() !== undefined;
  }

  async #renew(): Promise<void> {
    await this.#read();
    const now = this.#now();
    const current = this.#current();
    const upcoming = this.#upcoming();
    if (current === undefined && upcoming === undefined) {
      const unusable = await this.#setAside();
      await this.#create(now, this.#keys.length === 0 ? "first" : unusable ? "unusable" : "compromised");
    } else if (current !== undefined && upcoming === undefined) {
      const dueAt = this.#dueAt(current);
      const { overlapSeconds } = this.#options.policy;
      if (dueAt - overlapSeconds <= now)
        await this.#create(Math.max(dueAt, now + overlapSeconds), "scheduled");
    }
    const gone = this.#keys.filter((key) => this.#publishedUntil(key) <= now && key !== this.#current());
    await deleteKeys(
      this.#options.store,
      gone.map(({ slot }) => String(slot)),
    );
    this.#keys = this.#keys.filter((key) => !gone.includes(key));
  }

  /** When the next key is to sign: at once when another algorithm is wanted. */
  #dueAt({ published, signsFrom }: RingKey): number {
    const { algorithm, rotateAfterSeconds } = this.#options.policy;
    return published.alg === algorithm ? signsFrom + rotateAfterSeconds : Number.NEGATIVE_INFINITY;
  }

  #usable(): readonly RingKey[] {
    return this.#keys.filter(({ retired, privateKey }) => !retired && privateKey !== undefined);
  }

  #current(): RingKey | undefined {
    const now = this.#now();
    return this.#usable().findLast(({ signsFrom }) => signsFrom <= now);
  }

  #upcoming(): RingKey | undefined {
    const now = this.#now();
    return this.#usable().find(({ signsFrom }) => signsFrom > now);
  }

  /** Until its successor has signed for the overlap and its own last token has expired; a retired one not at all. */
  #publishedUntil({ slot, retired }: RingKey): number {
    if (retired) return Number.NEGATIVE_INFINITY;
    const successors = this.#keys.filter((key) => key.slot > slot && !key.retired);
    const { policy, longestTtlSeconds } = this.#options;
    const replacedAt = Math.min(...successors.map(({ signsFrom }) => signsFrom));
    return replacedAt + policy.overlapSeconds + longestTtlSeconds + maxClockToleranceSeconds;
  }

  async #read(): Promise<void> {
    const rows = await readKeys(this.#options.store);
    this.#keys = await Promise.all(rows.map((row) => this.#ringKey(row)));
    this.#readAt = this.#now();
  }

  async #ringKey(row: StoredKey): Promise<RingKey> {
    if (!this.#imported.has(row.keyId)) {
      const jwk = await decryptKey(row, this.#options.secretConfig);
      this.#imported.set(row.keyId, jwk && importPrivateKey(jwk));
    }
    return {
      slot: Number(row.slot),
      published: publishedKey(row),
      signsFrom: row.signsFrom.getTime() / 1000,
      retired: row.retiredAt !== null && row.retiredAt !== undefined,
      privateKey: this.#imported.get(row.keyId),
    };
  }

  /** @returns whether there are keys that only other secrets decrypt */
  async #setAside(): Promise<boolean> {
    const unusable = this.#keys.filter(({ retired, privateKey }) => !retired && privateKey === undefined);
    const { store, report } = this.#options;
    for (const { slot, published } of unusable) {
      if (!(await setKeyAside(store, String(slot), this.#now()))) continue;
      report({ name: "watchword.key.unusable", keyId: published.kid, algorithm: published.alg });
    }
    return unusable.length > 0;
  }

  /** The slot after the last one; whoever fills it first has made the key for all. */
  async #create(signsFrom: number, reason: Reason): Promise<RingKey> {
    const { store, secretConfig, policy, report } = this.#options;
    for (let attempt = 0; attempt < maxTries; attempt += 1) {
      const slot = Math.max(0, ...this.#keys.map((key) => key.slot)) + 1;
      const { algorithm } = policy;
      const keyId = await storeNewKey(store, secretConfig, { slot, algorithm, signsFrom });
      await this.#read();
      const made = this.#keys.find((key) => key.slot === slot);
      if (made?.privateKey === undefined) continue;
      if (keyId === made.published.kid) {
        report({
          name: "watchword.key.rotated",
          keyId,
          algorithm,
          reason,
          signsFrom: Math.floor(signsFrom),
        });
      }
      return made;
    }
    return fail();
  }
}

function fail(): never {
  throw new Error("There is no key to sign with.");
}
