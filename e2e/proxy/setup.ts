import { chromiumProgram } from "../support/browser.ts";
import { buildWebApplication } from "../support/web-build.ts";

/** Builds the package and the web application when their sources changed. Each file starts applications of its own. */
export default async function setup(): Promise<void> {
  await chromiumProgram();
  await buildWebApplication();
}
