import { randomBytes } from "node:crypto";
import type { TestProject } from "vitest/node";
import type { Addresses } from "./addresses.ts";
import { Application } from "./application.ts";
import { serveBrowser } from "./browser.ts";
import { chosenPairs, pairName } from "./browser-pairs.ts";
import { secretsIn } from "./log-secrets.ts";
import { password } from "./person.ts";
import { removeFolder, temporaryFolder } from "./temporary-folder.ts";
import { buildWebApplication } from "./web-build.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The shared applications, by the name of their pair. */
    applications: Readonly<Record<string, Addresses>>;
    /** The secret of the shared applications. */
    secret: string;
    /** Where the shared browser takes connections. */
    browser: string;
  }
}

/** Builds the web application when its sources changed, and starts one browser, and the application once for each chosen pair. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await buildWebApplication();
  const folder = temporaryFolder("browser");
  const secret = randomBytes(32).toString("base64url");
  const browser = await serveBrowser();
  const applications: Application[] = [];
  const stop = async () => {
    await browser.close();
    for (const application of applications) await application.stop();
    removeFolder(folder);
  };
  try {
    for (const { api, mode } of chosenPairs()) {
      const dataFolder = `${folder}/${api}-${mode}`;
      applications.push(await Application.start({ api, mode, secret, dataFolder }));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide("browser", browser.wsEndpoint());
  project.provide("secret", secret);
  project.provide(
    "applications",
    Object.fromEntries(
      applications.map(({ api, mode, webOrigin, apiOrigin, apiAddress }) => [
        pairName({ api, mode }),
        { webOrigin, apiOrigin, mode, apiAddress },
      ]),
    ),
  );
  return async () => {
    await stop();
    for (const { api, mode, output } of applications) {
      const found = secretsIn(output, { secrets: [secret, password] });
      if (found.length > 0)
        throw new Error(`The logs of ${pairName({ api, mode })} hold secrets:\n${found.join("\n")}`);
    }
  };
}
