import { isPrivateOnItsWay, readAddress } from "../address.ts";
import type { Clock } from "../clock.ts";
import { ConfigurationError } from "../errors.ts";
import { type Algorithm, algorithms, publicAlgorithms } from "../keys/algorithms.ts";
import { keySetBounds, usableKeys } from "../keys/fetch-key-set.ts";
import {
  combineKeySets,
  createKeySet,
  type KeySet,
  type SharedKey,
  type SharedVerificationKey,
  sharedKey,
} from "../keys/key-set.ts";
import { checkKey, checkSecret, deriveKey } from "../keys/keys.ts";
import { createRemoteKeySet } from "../keys/remote-key-set.ts";
import type { VerifierOptions } from "./verifier-options.ts";

/** What is accepted where the options do not say: `Ed25519` only when it is listed (RFC 9864 §4.1). */
const defaultPublicAlgorithms = publicAlgorithms.filter((one) => one !== "Ed25519");

/** The keys of the options, and the algorithms that tokens may be signed with. */
export interface ConfiguredKeys {
  readonly keys: KeySet;
  readonly algorithms: readonly Algorithm[];
}

/**
 * @param audience the audiences of the options, already checked; `null` for every audience.
 * @throws ConfigurationError for keys that cannot protect anything, and for algorithms that they do not fit.
 */
export function configuredKeys(
  options: VerifierOptions<unknown>,
  audience: readonly string[] | null,
  clock: Clock,
): ConfiguredKeys {
  const shared = sharedKeys(options, audience);
  const published = publicKeys(options, clock);
  if (options.unsafeRawSecret && published !== undefined) {
    throw new ConfigurationError("unsafeRawSecret demands no audience: leave out jwks and jwksUrl.");
  }
  if (shared === undefined && published === undefined) {
    throw new ConfigurationError("Give the verifier a secret, a key, jwks or jwksUrl.");
  }
  const usual: readonly Algorithm[] = [
    ...(shared === undefined ? [] : (["HS256"] as const)),
    ...(published === undefined ? [] : defaultPublicAlgorithms),
  ];
  const accepted = checkAlgorithms(options.algorithms ?? usual);
  checkFit(accepted.includes("HS256"), shared, "HS256", "a secret or a key");
  checkFit(
    accepted.some((one) => one !== "HS256"),
    published,
    "an algorithm of public keys",
    "jwks or jwksUrl",
  );
  const none = createKeySet([]);
  return { keys: combineKeySets(shared ?? none, published ?? none), algorithms: accepted };
}

function sharedKeys(
  { key, secret, unsafeRawSecret = false }: VerifierOptions<unknown>,
  audience: readonly string[] | null,
): KeySet | undefined {
  if (unsafeRawSecret) return createKeySet([rawSecretKey(key, secret)]);
  if (key === undefined && secret === undefined) return undefined;
  const configured: readonly BoundKey[] = listOf(key, "key").map((entry) => checkedKey(entry));
  const derived = listOf(secret, "secret").flatMap((entry) => derivedKeys(entry, audience));
  const distinct = new Map([...configured, ...derived].map((entry) => [entry.key, entry]));
  const keys = [...distinct.values()].map((entry) => sharedKey(entry, entry.audience));
  const names = keys.map(({ kid }) => kid).filter((kid) => kid !== null);
  if (new Set(names).size < names.length) {
    throw new ConfigurationError("Two different keys have the same keyId. Give each its own, or none.");
  }
  return createKeySet(keys);
}

/** A shared key, and the one audience that it was derived for. */
type BoundKey = SharedKey & { readonly audience?: readonly [string] };

/** Decision 1: each audience has a key of its own, which verifies tokens for that audience alone. */
function derivedKeys(secret: unknown, audience: readonly string[] | null): readonly BoundKey[] {
  checkSecret(secret as string, "secret");
  if (audience === null) {
    throw new ConfigurationError(
      "The key is derived from secret for one audience: set audience to what tokens carry as aud, or give key instead of secret.",
    );
  }
  return audience.map((name) => ({ key: deriveKey(secret as string, name), audience: [name] }));
}

/** Tokens of raw mode carry no `kid`, so only one secret can verify them. */
function rawSecretKey(key: unknown, secret: unknown): SharedVerificationKey {
  if (key !== undefined || typeof secret !== "string") {
    throw new ConfigurationError(
      "unsafeRawSecret verifies with BETTER_AUTH_SECRET itself: give it as secret, a single string, and leave out key.",
    );
  }
  checkSecret(secret, "secret");
  return sharedKey({ key: secret, keyId: null });
}

function checkedKey(given: unknown): SharedKey {
  const { key, keyId }: { key?: unknown; keyId?: unknown } =
    typeof given === "object" && given !== null ? given : { key: given };
  checkKey(key as string, "key");
  if (keyId === undefined) return { key: key as string };
  if (keyId !== null && (typeof keyId !== "string" || keyId === "")) {
    throw new ConfigurationError(
      "keyId must be the text that tokens carry as kid, or null for a key without one.",
    );
  }
  return { key: key as string, keyId };
}

function listOf(value: unknown, name: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [value];
  if (value.length > 0) return value;
  throw new ConfigurationError(`${name} must list at least one value.`);
}

function publicKeys(options: VerifierOptions<unknown>, clock: Clock): KeySet | undefined {
  const { jwks, jwksUrl, allowHttp = false, fetch = globalThis.fetch, onEvent } = options;
  if (jwks === undefined) {
    if (jwksUrl === undefined) return undefined;
    checkAddress(jwksUrl, allowHttp);
    return createRemoteKeySet({ url: jwksUrl, fetch, clock, onEvent });
  }
  if (jwksUrl !== undefined) throw new ConfigurationError("Give jwks or jwksUrl, not both.");
  const keys: unknown = jwks?.keys;
  if (!Array.isArray(keys) || keys.length > keySetBounds.maxKeys) {
    throw new ConfigurationError(
      `jwks must be a key set, { keys: [...] }, of at most ${keySetBounds.maxKeys} keys.`,
    );
  }
  return createKeySet(usableKeys(keys));
}

function checkAddress(jwksUrl: unknown, allowHttp: boolean): void {
  const url = typeof jwksUrl === "string" ? readAddress(jwksUrl) : undefined;
  if (url !== undefined && (allowHttp === true || isPrivateOnItsWay(url))) return;
  throw new ConfigurationError(
    "jwksUrl must be an https: address, or an http: address on this machine, without a user name. Set allowHttp for http: on another machine.",
  );
}

function checkAlgorithms(accepted: readonly Algorithm[]): readonly Algorithm[] {
  if (Array.isArray(accepted) && accepted.length > 0 && accepted.every((one) => algorithms.includes(one))) {
    return [...accepted];
  }
  throw new ConfigurationError(`algorithms must list at least one of: ${algorithms.join(", ")}.`);
}

/** An algorithm without keys verifies nothing, and keys without their algorithm neither: one of the two is a mistake. */
function checkFit(listed: boolean, keys: KeySet | undefined, algorithm: string, source: string): void {
  if (listed === (keys !== undefined)) return;
  throw new ConfigurationError(
    listed
      ? `algorithms lists ${algorithm}: that needs ${source} too.`
      : `There is ${source}: algorithms must list ${algorithm} too.`,
  );
}
