import type { TestProject } from "vitest/node";
import { type Backend, type BackendName, chosenBackends, startBackend } from "./backend.ts";
import { secretsIn } from "./log-secrets.ts";
import { newRealm } from "./realm.ts";
import { chosenStores, newStore, type Store, type StoreName } from "./store.ts";
import type { Realm } from "./token.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The realm of the backends that are shared by all files of the API suite. */
    realm: Realm;
    /** Where the shared backends listen: each on each store. */
    origins: readonly { readonly backend: BackendName; readonly store: StoreName; readonly origin: string }[];
  }
}

/** Starts each chosen backend once for all files; at the end stops them and searches what they wrote for secrets. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const realm = newRealm();
  const stores: Store[] = [];
  const backends: (Backend & { readonly store: StoreName })[] = [];
  const stop = async () => {
    for (const backend of backends) await backend.process.stop();
    for (const store of stores) await store.remove();
  };
  try {
    for (const storeName of chosenStores())
      for (const name of chosenBackends()) {
        const store = await newStore(storeName, name);
        stores.push(store);
        backends.push({ ...(await startBackend(name, { realm, databaseUrl: store.url })), store: storeName });
      }
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide("realm", realm);
  project.provide(
    "origins",
    backends.map(({ name, store, origin }) => ({ backend: name, store, origin })),
  );
  return async () => {
    await stop();
    for (const { name, process } of backends) {
      const found = secretsIn(process.output, { secrets: [realm.secret] });
      if (found.length > 0) throw new Error(`The log of ${name} holds secrets:\n${found.join("\n")}`);
    }
  };
}
