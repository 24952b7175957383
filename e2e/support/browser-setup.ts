import { randomBytes } from "node:crypto";
import type { TestProject } from "vitest/node";
import { Application } from "./application.ts";
import { type BackendName, chosenBackends } from "./backend.ts";
import { chromiumProgram } from "./browser.ts";
import { secretsIn } from "./log-secrets.ts";
import { password } from "./person.ts";
import { removeFolder, temporaryFolder } from "./temporary-folder.ts";
import { buildWebApplication } from "./web-build.ts";

/** Where an application that all files share can be reached. */
export interface Addresses {
  readonly webOrigin: string;
  readonly apiOrigin: string;
}

declare module "vitest" {
  interface ProvidedContext {
    /** The shared applications, by backend. */
    applications: Readonly<Partial<Record<BackendName, Addresses>>>;
  }
}

/** Builds the web application when its sources changed and starts it once with each chosen backend. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await chromiumProgram();
  await buildWebApplication();
  const folder = temporaryFolder("browser");
  const secret = randomBytes(32).toString("base64url");
  const applications: Application[] = [];
  const stop = async () => {
    for (const application of applications) await application.stop();
    removeFolder(folder);
  };
  try {
    for (const api of chosenBackends())
      applications.push(await Application.start({ api, secret, dataFolder: `${folder}/${api}` }));
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide(
    "applications",
    Object.fromEntries(applications.map(({ api, webOrigin, apiOrigin }) => [api, { webOrigin, apiOrigin }])),
  );
  return async () => {
    await stop();
    for (const { api, output } of applications) {
      const found = secretsIn(output, { secrets: [secret, password] });
      if (found.length > 0) throw new Error(`The logs beside ${api} hold secrets:\n${found.join("\n")}`);
    }
  };
}
