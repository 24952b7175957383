// Asks the applications themselves whether they could start with these settings, before anything slow happens.
import { execFile } from "node:child_process";
import { pathToFileURL } from "node:url";
import { fromRoot } from "./folders.mjs";
import { node24 } from "./node-tools.mjs";
import { StartError } from "./steps.mjs";

const program = `
const [web, api] = process.argv.slice(1);
try {
  (await import(web)).configurationFromEnvironment(process.env);
  (await import(api)).configurationFrom(process.env);
} catch (error) {
  const sentence = error?.code === "misconfigured" ? error.message : error?.stack;
  process.stderr.write(String(sentence));
  process.exit(1);
}
`;

/** @throws StartError with the sentence of the application that refuses the settings. */
export function checkSettings(settings) {
  const files = [
    fromRoot("apps", "web", "lib", "configuration.ts"),
    fromRoot("apps", "api", "src", "configuration.ts"),
  ];
  const args = ["--input-type=module", "--eval", program, ...files.map((file) => pathToFileURL(file).href)];
  const env = { ...settings, NODE_ENV: "production" };
  return new Promise((resolve, reject) => {
    execFile(node24(), args, { cwd: fromRoot(), env }, (error, _stdout, stderr) => {
      if (error) reject(new StartError(stderr.trim() || error.message));
      else resolve(undefined);
    });
  });
}
