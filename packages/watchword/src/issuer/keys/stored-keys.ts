import type { BetterAuthPlugin, DBAdapter } from "better-auth";
import { symmetricDecrypt, symmetricEncrypt } from "better-auth/crypto";
import type { SecretConfig } from "../secret-config.ts";
import type { SigningAlgorithm } from "./key-options.ts";
import { createKeyPair, type PublishedKey } from "./key-pair.ts";

/** A row of the table of keys. */
export interface StoredKey {
  /** The number of the key, as text: unique, so that no two replicas make the same one. */
  readonly slot: string;
  readonly keyId: string;
  readonly algorithm: string;
  /** The public half as JSON text. */
  readonly publicKey: string;
  /** The private half, encrypted with Better Auth's secret. */
  readonly privateKey: string;
  readonly signsFrom: Date;
  /** From when on it may not be used any more, by anyone. */
  readonly retiredAt?: Date | null;
  /** When it was found that the secrets at hand do not decrypt it. */
  readonly setAsideAt?: Date | null;
}

const model = "watchwordKey";

/** The table, for Better Auth's migrations and generators. */
export const keySchema = {
  [model]: {
    fields: {
      slot: { type: "string", required: true, unique: true, sortable: true, input: false },
      keyId: { type: "string", required: true, input: false },
      algorithm: { type: "string", required: true, input: false },
      publicKey: { type: "string", required: true, input: false },
      privateKey: { type: "string", required: true, input: false, returned: false },
      signsFrom: { type: "date", required: true, input: false },
      retiredAt: { type: "date", required: false, input: false },
      setAsideAt: { type: "date", required: false, input: false },
    },
  },
} satisfies BetterAuthPlugin["schema"];

/** What the keys need of a database. */
export type KeyStore = Pick<DBAdapter, "create" | "findMany" | "updateMany" | "deleteMany">;

const maxRows = 1000;

/** Every stored key, oldest first. */
export async function readKeys(store: KeyStore): Promise<readonly StoredKey[]> {
  const rows = await store.findMany<StoredKey>({ model, limit: maxRows });
  return rows.sort((a, b) => Number(a.slot) - Number(b.slot));
}

/**
 * Makes a key and stores it in a slot.
 *
 * @returns the key's `kid`, or `undefined` when another process has filled the slot first
 */
export async function storeNewKey(
  store: KeyStore,
  secretConfig: SecretConfig,
  { slot, algorithm, signsFrom }: { slot: number; algorithm: SigningAlgorithm; signsFrom: number },
): Promise<string | undefined> {
  const { published, privateJwk } = await createKeyPair(algorithm);
  const privateKey = await symmetricEncrypt({ key: secretConfig, data: JSON.stringify(privateJwk) });
  const row = {
    slot: String(slot),
    keyId: published.kid,
    algorithm,
    publicKey: JSON.stringify(published),
    privateKey,
    signsFrom: new Date(signsFrom * 1000),
  };
  try {
    await store.create({ model, data: row });
    return published.kid;
  } catch (error) {
    const taken = await store.findMany({ model, where: [{ field: "slot", value: row.slot }], limit: 1 });
    if (taken.length === 0) throw error;
    return undefined;
  }
}

/** The private half as JWK, or `undefined` when no secret at hand decrypts it. */
export async function decryptKey(
  { privateKey }: StoredKey,
  secretConfig: SecretConfig,
): Promise<JsonWebKeyText | undefined> {
  try {
    return JSON.parse(await symmetricDecrypt({ key: secretConfig, data: privateKey })) as JsonWebKeyText;
  } catch {
    return undefined;
  }
}

type JsonWebKeyText = Parameters<typeof import("./key-pair.ts").importPrivateKey>[0];

/** The public half of a row. */
export function publishedKey({ publicKey }: StoredKey): PublishedKey {
  return JSON.parse(publicKey) as PublishedKey;
}

/** @returns whether this call was the one that set it aside */
export async function setKeyAside(store: KeyStore, slot: string, now: number): Promise<boolean> {
  const where = [
    { field: "slot", value: slot },
    { field: "setAsideAt", value: null },
  ];
  return (await store.updateMany({ model, where, update: { setAsideAt: new Date(now * 1000) } })) > 0;
}

/** Takes every key but one out of use, at once and for good. */
export async function retireOtherKeys(store: KeyStore, slot: string, now: number): Promise<void> {
  const where = [
    { field: "slot", operator: "ne" as const, value: slot },
    { field: "retiredAt", value: null },
  ];
  await store.updateMany({ model, where, update: { retiredAt: new Date(now * 1000) } });
}

/** Removes keys for good. */
export async function deleteKeys(store: KeyStore, slots: readonly string[]): Promise<void> {
  if (slots.length === 0) return;
  await store.deleteMany({ model, where: [{ field: "slot", operator: "in", value: [...slots] }] });
}
