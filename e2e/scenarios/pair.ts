import { DatabaseSync } from "node:sqlite";
import { type Backend, type BackendName, listedOrigin, startBackend } from "../support/backend.ts";
import { newRealm } from "../support/realm.ts";
import { newStore, PostgresStore, SqliteStore, type Store, type StoreName } from "../support/store.ts";
import { derivedKey } from "../support/token.ts";
import { Gate } from "./gate.ts";
import { Issuer } from "./issuer.ts";
import type { Operator } from "./operator.ts";
import { Minter } from "./people.ts";
import type { Target } from "./run.ts";

/** How many failed credentials a minute the narrow service allows. */
const fewFailures = 300;

/** One backend on one store, and whoever runs it. */
export class Pair implements Operator {
  readonly backend: BackendName;
  readonly storeName: StoreName;
  readonly listedOrigin = listedOrigin;
  readonly #realm = newRealm();
  readonly #closing: (() => unknown)[] = [];
  readonly #services = new Map<string, Promise<Backend>>();
  #stopped = false;
  #store: Store | undefined;
  #gate: Gate | undefined;
  #holder: DatabaseSync | undefined;
  #main: Backend | undefined;

  constructor(backend: BackendName, store: StoreName) {
    this.backend = backend;
    this.storeName = store;
  }

  /** Starts the backend on a new store. */
  async start(): Promise<Target> {
    this.#store = await this.#newStore("contract");
    let { url } = this.#store;
    if (this.#store instanceof PostgresStore) {
      const address = new URL(url);
      const gate = await Gate.before(address.hostname, Number(address.port || 5432));
      this.#closing.push(() => gate.close());
      this.#gate = gate;
      address.port = String(gate.port);
      address.hostname = "127.0.0.1";
      url = address.href;
    }
    this.#main = await this.#start(url);
    const { issuer, audience, secret } = this.#realm;
    return {
      origin: this.#main.origin,
      tokens: new Minter(issuer, audience, derivedKey(secret)),
      operator: this,
    };
  }

  async #newStore(purpose: string): Promise<Store> {
    if (this.#stopped) throw new Error("The pair has been stopped.");
    const store = await newStore(this.storeName, `${purpose} ${this.backend}`);
    this.#closing.push(() => store.remove());
    return store;
  }

  async #start(databaseUrl: string, settings: Readonly<Record<string, string>> = {}): Promise<Backend> {
    const backend = await startBackend(this.backend, { realm: this.#realm, databaseUrl, settings });
    this.#closing.push(() => backend.process.stop());
    return backend;
  }

  async #service(name: string, start: () => Promise<Backend>): Promise<string> {
    const running = this.#services.get(name) ?? start();
    this.#services.set(name, running);
    return (await running).origin;
  }

  get #ownStore(): Store {
    if (this.#store === undefined) throw new Error("The pair has not been started.");
    return this.#store;
  }

  get secrets(): readonly string[] {
    return [this.#realm.secret, derivedKey(this.#realm.secret)];
  }

  log(): string {
    return this.#main?.process.output ?? "";
  }

  async withholdDatabase(): Promise<void> {
    if (this.#ownStore instanceof SqliteStore) {
      this.#holder = new DatabaseSync(this.#ownStore.file);
      this.#holder.exec("BEGIN IMMEDIATE");
    }
    this.#gate?.shut();
  }

  async restoreDatabase(): Promise<void> {
    this.#holder?.close();
    this.#holder = undefined;
    this.#gate?.open();
  }

  narrow(): Promise<string> {
    return this.#service("narrow", () =>
      this.#start(this.#ownStore.url, {
        DATABASE_POOL_SIZE: "1",
        AUTH_FAILURES_PER_MINUTE: String(fewFailures),
      }),
    );
  }

  damaged(): Promise<string> {
    return this.#service("damaged", async () => {
      const store = await this.#newStore("damaged");
      const backend = await this.#start(store.url);
      const schema = this.storeName === "postgres" ? "api." : "";
      await store.execute(`ALTER TABLE ${schema}tasks RENAME TO lost_tasks`);
      return backend;
    });
  }

  async issuer(): Promise<string> {
    const issuer = await Issuer.start(this.#realm.secret, this.#realm.audience);
    this.#closing.push(() => issuer.stop());
    return issuer.url;
  }

  async rows(table: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return await this.#ownStore.rows(table);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const close of this.#closing.splice(0).reverse()) await close();
  }
}
