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
import { removeFolder, temporaryFolder } from "./temporary-folder.ts";
import type { Realm } from "./token.ts";

/** A backend of a test file's own, with its folder, its realm and a caller of it. */
export class OwnBackend {
  readonly name: BackendName;
  readonly realm: Realm = newRealm();
  readonly folder: string;
  #running: Backend | undefined;

  constructor(name: BackendName) {
    this.name = name;
    this.folder = temporaryFolder(name);
  }

  /** What it is started with, when nothing else is asked for. */
  options(settings: Readonly<Record<string, string>> = {}): BackendOptions {
    return { realm: this.realm, dataFolder: `${this.folder}/data`, settings };
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
    removeFolder(this.folder);
  }
}

/** Runs the same facts against a backend of the file's own, one after the other; `start` is the facts' business. */
export function describeOwnBackends(
  subject: string,
  facts: (own: () => OwnBackend, name: BackendName) => void,
): void {
  for (const name of chosenBackends())
    describe(`${name}: ${subject}`, () => {
      let own: OwnBackend | undefined;
      beforeAll(() => {
        own = new OwnBackend(name);
      });
      afterAll(async () => {
        await own?.remove();
      });
      facts(() => {
        if (own === undefined) throw new Error("The backend is made before the first fact.");
        return own;
      }, name);
    });
}
