import { randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { RunningVerifier } from "../rotation/verifier.ts";
import { type Backend, type BackendName, listedOrigin, startBackend } from "../support/backend.ts";
import { Issuer, type IssuerOptions } from "../support/issuer.ts";
import { newRealm } from "../support/realm.ts";
import { realTime } from "../support/scaled-clock.ts";
import { newStore, PostgresStore, SqliteStore, type Store, type StoreName } from "../support/store.ts";
import { removeFolder, temporaryFolder } from "../support/temporary-folder.ts";
import { derivedKey, type Realm } from "../support/token.ts";
import { Gate } from "./gate.ts";
import type { Operator } from "./operator.ts";
import { Minter } from "./people.ts";
import type { Target } from "./run.ts";

/** How many failed credentials a minute the narrow service allows. */
const fewFailures = 300;

/** One backend on one store, the issuer whose revocation feed it follows, and whoever runs them. */
export class Pair implements Operator {
  readonly backend: BackendName;
  readonly storeName: StoreName;
  readonly listedOrigin = listedOrigin;
  readonly #settings: Readonly<Record<string, string>>;
  readonly #folder = temporaryFolder("issuer");
  #realm: Realm = newRealm();
  #issuer: Issuer | undefined;
  readonly #closing: (() => unknown)[] = [];
  readonly #services = new Map<string, Promise<{ readonly origin: string }>>();
  #keyPairs: ReturnType<Operator["keyPairs"]> | undefined;
  #stopped = false;
  #store: Store | undefined;
  #gate: Gate | undefined;
  #holder: DatabaseSync | undefined;
  #main: Backend | undefined;

  /** @param settings added to the environment of the backend. */
  constructor(
    backend: BackendName,
    store: StoreName,
    settings: Readonly<Record<string, string>> = { REVOCATION: "feed" },
  ) {
    this.backend = backend;
    this.storeName = store;
    this.#settings = settings;
    this.#closing.push(() => removeFolder(this.#folder));
  }

  /** Starts an issuer, and the backend on a new store. */
  async start(): Promise<Target> {
    const { secret, audience } = this.#realm;
    this.#issuer = await this.#startIssuer("auth", { secret, audience, cookieCache: true });
    this.#realm = { issuer: this.#issuer.address, audience, secret };
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
    return {
      origin: this.#main.origin,
      tokens: new Minter(this.#realm.issuer, audience, derivedKey({ secret, audience })),
      operator: this,
    };
  }

  async #newStore(purpose: string): Promise<Store> {
    if (this.#stopped) throw new Error("The pair has been stopped.");
    const store = await newStore(this.storeName, `${purpose} ${this.backend}`);
    this.#closing.push(() => store.remove());
    return store;
  }

  async #startIssuer(name: string, options: Omit<IssuerOptions, "database">): Promise<Issuer> {
    const issuer = await Issuer.start({ ...options, database: `${this.#folder}/${name}.sqlite` });
    this.#closing.push(() => issuer.stop());
    return issuer;
  }

  async #start(
    databaseUrl: string,
    settings: Readonly<Record<string, string>> = {},
    realm = this.#realm,
  ): Promise<Backend> {
    const backend = await startBackend(this.backend, {
      realm,
      databaseUrl,
      settings: { ...this.#settings, ...settings },
    });
    this.#closing.push(() => backend.process.stop());
    return backend;
  }

  async #service(name: string, start: () => Promise<{ readonly origin: string }>): Promise<string> {
    const running = this.#services.get(name) ?? start();
    this.#services.set(name, running);
    return (await running).origin;
  }

  get #ownStore(): Store {
    if (this.#store === undefined) throw new Error("The pair has not been started.");
    return this.#store;
  }

  get secrets(): readonly string[] {
    return [this.#realm.secret, derivedKey(this.#realm)];
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
    if (this.#issuer === undefined) throw new Error("The pair has not been started.");
    return `${this.#issuer.origin}/api/auth`;
  }

  async promote(userId: string): Promise<void> {
    const database = new DatabaseSync(`${this.#folder}/auth.sqlite`, { timeout: 5000 });
    try {
      database.prepare("UPDATE user SET role = 'admin' WHERE id = ?").run(userId);
    } finally {
      database.close();
    }
  }

  keyPairs(): ReturnType<Operator["keyPairs"]> {
    this.#keyPairs ??= this.#startKeyPairs();
    return this.#keyPairs;
  }

  async #startKeyPairs(): ReturnType<Operator["keyPairs"]> {
    const { audience } = this.#realm;
    const feedSecret = randomBytes(32).toString("base64url");
    const { origin, address } = await this.#startIssuer("key-pairs", {
      secret: newRealm().secret,
      audience,
      plugin: { keys: { algorithm: "ES256" }, revocation: { feedSecret } },
    });
    const issuer = `${origin}/api/auth`;
    const settings = { JWKS_URL: `${issuer}/.well-known/jwks.json`, WATCHWORD_FEED_SECRET: feedSecret };
    const { url } = await this.#newStore("key pairs");
    // A blank secret counts as none: this service verifies by what is published.
    const backend = await this.#start(url, settings, { issuer: address, audience, secret: "" });
    return { origin: backend.origin, issuer };
  }

  scoped(): Promise<string> {
    return this.#service("scoped", async () => {
      const { issuer, audience, secret } = this.#realm;
      const language = this.backend === "hono" ? "typescript" : "python";
      const verifier = await RunningVerifier.start(language, {
        issuer,
        audience,
        secret: [secret],
        clock: realTime,
      });
      this.#closing.push(() => verifier.stop());
      return verifier;
    });
  }

  async rows(table: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return await this.#ownStore.rows(table);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const faults: unknown[] = [];
    for (const close of this.#closing.splice(0).reverse())
      try {
        await close();
      } catch (error) {
        faults.push(error);
      }
    if (faults.length > 0)
      throw faults.length === 1 ? faults[0] : new AggregateError(faults, faults.join("; "));
  }
}
