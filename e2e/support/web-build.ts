/** What builds the web application, for `npm start` and for the tests alike. */
interface BuildTools {
  buildPackage(): Promise<unknown>;
  buildWeb(): Promise<unknown>;
}

/** Builds the package and the web application for production, when their sources changed since the last time. */
export async function buildWebApplication(): Promise<void> {
  const module = new URL("../../scripts/workspace/node-tools.mjs", import.meta.url).href;
  const tools = (await import(/* @vite-ignore */ module)) as BuildTools;
  await tools.buildPackage();
  await tools.buildWeb();
}
