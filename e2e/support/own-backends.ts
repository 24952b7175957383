import { afterAll, beforeAll, describe } from "vitest";
import { ApiCaller } from "./api-caller.ts";
import {
  type Backend,
  type BackendName,
  type BackendOptions,
  chosenBackends,
  startBackend,
} from "./backend.ts";
import { newRealm } from "./realm.ts";
import { chosenStores, newStore, type Store, type StoreName } from "./store.ts";
import type { Realm } from "./token.ts";

/** A backend of a test file's own, with its store, its realm and a caller of it. */
export class OwnBackend {
  readonly name: BackendName;
  readonly realm: Realm = newRealm();
  readonly store: Store;
  #running: Backend | undefined;

  constructor(name: BackendName, store: Store) {
    this.name = name;
    this.store = store;
  }

  /** What it is started with, when nothing else is asked for. */
  options(settings: Readonly<Record<string, string>> = {}): BackendOptions {
    return { realm: this.realm, databaseUrl: this.store.url, settings };
  }

  /** Whether it has been started. */
  get runs(): boolean {
    return this.#running !== undefined;
  }

  get running(): Backend {
    if (this.#running === undefined) throw new Error("The backend has not been started.");
    return this.#running;
  }

  get api(): ApiCaller {
    return new ApiCaller(this.running.origin, this.realm);
  }

  async start(settings: Readonly<Record<string, string>> = {}): Promise<ApiCaller> {
    this.#running = await startBackend(this.name, this.options(settings));
    return this.api;
  }

  async stop(signal: "SIGTERM" | "SIGINT" = "SIGTERM"): Promise<number | null> {
    return await this.running.process.stop(signal);
  }

  async remove(): Promise<void> {
    await this.#running?.process.stop();
    await this.store.remove();
  }
}

/**
 * Runs the same facts against a backend of the file's own on each of the stores, one after the other; `start` is the facts'
 * business.
 */
export function describeOwnBackends(
  subject: string,
  facts: (own: () => OwnBackend, name: BackendName, store: StoreName) => void,
  stores: readonly StoreName[] = chosenStores(),
  backends: readonly BackendName[] = chosenBackends(),
): void {
  for (const store of stores)
    for (const name of backends)
      describe(`${name} on ${store}: ${subject}`, () => {
        let own: OwnBackend | undefined;
        beforeAll(async () => {
          own = new OwnBackend(name, await newStore(store, name));
        });
        afterAll(async () => {
          await own?.remove();
        });
        facts(
          () => {
            if (own === undefined) throw new Error("The backend is made before the first fact.");
            return own;
          },
          name,
          store,
        );
      });
}
