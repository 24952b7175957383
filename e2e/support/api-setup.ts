import type { TestProject } from "vitest/node";
import { type Backend, type BackendName, chosenBackends, startBackend } from "./backend.ts";
import { secretsIn } from "./log-secrets.ts";
import { newRealm } from "./realm.ts";
import { removeFolder, temporaryFolder } from "./temporary-folder.ts";
import type { Realm } from "./token.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The realm of the backends that are shared by all files of the API suite. */
    realm: Realm;
    /** Where each shared backend listens. */
    origins: Readonly<Partial<Record<BackendName, string>>>;
  }
}

/** Starts each chosen backend once for all files; at the end stops them and searches what they wrote for secrets. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const realm = newRealm();
  const folder = temporaryFolder("api");
  const backends: Backend[] = [];
  const stop = async () => {
    for (const backend of backends) await backend.process.stop();
    removeFolder(folder);
  };
  try {
    for (const name of chosenBackends())
      backends.push(await startBackend(name, { realm, dataFolder: `${folder}/${name}` }));
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide("realm", realm);
  project.provide("origins", Object.fromEntries(backends.map(({ name, origin }) => [name, origin])));
  return async () => {
    await stop();
    for (const { name, process } of backends) {
      const found = secretsIn(process.output, { secrets: [realm.secret] });
      if (found.length > 0) throw new Error(`The log of ${name} holds secrets:\n${found.join("\n")}`);
    }
  };
}
