// `npm run admin -- grant EMAIL` makes a user an administrator, `revoke EMAIL` takes it back. On the database of the settings.
import { spawn } from "node:child_process";
import { pathToFileURL } from "node:url";
import { fromRoot } from "./workspace/folders.mjs";
import { buildPackage, installDependencies, node24 } from "./workspace/node-tools.mjs";
import { ensureSecret, resolveSettings } from "./workspace/settings.mjs";
import { giveUp, line, StartError, step } from "./workspace/steps.mjs";

const program = `
const [web, email, role] = process.argv.slice(1);
try {
  const { setRole } = await import(web);
  process.send(await setRole(email, role), () => process.exit(0));
} catch (error) {
  process.stderr.write(String(error?.code === "misconfigured" ? error.message : error?.stack));
  process.exit(1);
}
`;

const roles = { grant: "admin", revoke: "user" };

const outcomes = {
  done: (email, role) =>
    role === "admin"
      ? `${email} is an administrator from the next token on.`
      : `${email} is an ordinary user from the next token on.`,
  unchanged: (email, role) => `${email} has the role ${role} already.`,
};

const refusals = {
  unknown: (email) => `There is no user with the address ${email}. Let them sign up first.`,
  unverified: (email) =>
    `The address ${email} has not been verified, so anybody could have signed up with it. Let its owner verify it on the account page first.`,
};

async function main() {
  const [verb, email, ...rest] = process.argv.slice(2);
  if (!Object.hasOwn(roles, verb ?? "") || !email || rest.length > 0) {
    throw new StartError("Use: npm run admin -- grant EMAIL, or: npm run admin -- revoke EMAIL");
  }
  const role = roles[verb];
  await step("Install dependencies", installDependencies);
  await step("Build the package", buildPackage);
  const { values } = ensureSecret(fromRoot(), process.env);
  const outcome = await setRole(email, role, resolveSettings(process.env, values));
  if (Object.hasOwn(refusals, outcome)) throw new StartError(refusals[outcome](email));
  line(outcomes[outcome](email, role));
}

/**
 * Asks the web application's own code, so that the change goes through Better Auth. What the trail of events says of it
 * stands on stdout, as it does where the application runs: the outcome has a way of its own.
 */
function setRole(email, role, settings) {
  const file = fromRoot("apps", "web", "lib", "user-role.ts");
  const args = ["--input-type=module", "--eval", program, pathToFileURL(file).href, email, role];
  const env = { ...settings, NODE_ENV: "production" };
  const child = spawn(node24(), args, { cwd: fromRoot(), env, stdio: ["ignore", "inherit", "pipe", "ipc"] });
  return new Promise((resolve, reject) => {
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    child.on("message", resolve);
    child.on("error", reject);
    child.on("close", (code) => reject(new StartError(stderr.trim() || `It ended with exit code ${code}.`)));
  });
}

main().catch(giveUp);
