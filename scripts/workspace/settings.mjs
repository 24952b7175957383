// Settings: the environment first, then the git-ignored `.env`, which is made with fresh secrets when it is needed.
import { randomBytes } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./folders.mjs";
import { StartError } from "./steps.mjs";

/** Reads `NAME=value` lines; quotes around a value and comments behind `#` in a line of its own are taken away. */
export function parseEnvFile(text) {
  const values = {};
  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    const content = raw.trim();
    if (content === "" || content.startsWith("#")) continue;
    const match = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/.exec(content);
    if (!match)
      throw new StartError(
        `Line ${index + 1} of .env is not NAME=value. Mend it, or delete the file to get a fresh one.`,
      );
    const quoted = /^(["'])(.*)\1$/.exec(match[2]);
    values[match[1]] = quoted ? quoted[2] : match[2];
  }
  return values;
}

/** Makes `.env` from `.env.example`, or fills the empty secret of an existing one. The secret is never printed. */
export function ensureSecret(folder, environment) {
  refuseOtherFiles(folder);
  const file = join(folder, ".env");
  const present = existsSync(file);
  const values = present ? parseEnvFile(readFileSync(file, "utf8")) : {};
  refuseOtherNames(values, environment);
  const names = ["BETTER_AUTH_SECRET", "BETTER_AUTH_SECRETS"];
  if (names.some((name) => environment[name] || values[name])) return { values, made: false };
  const template = readFileSync(present ? file : join(folder, ".env.example"), "utf8");
  const secret = randomBytes(32).toString("base64url");
  const filled = /^BETTER_AUTH_SECRET=.*$/m.test(template)
    ? template.replace(/^BETTER_AUTH_SECRET=.*$/m, `BETTER_AUTH_SECRET=${secret}`)
    : `${template.replace(/\n?$/, "\n")}BETTER_AUTH_SECRET=${secret}\n`;
  try {
    writeFileSync(file, filled, { mode: 0o600 });
  } catch (error) {
    throw new StartError(
      `The secret could not be written to ${file} (${error.code}). Make the folder writable, or set BETTER_AUTH_SECRET in the environment.`,
    );
  }
  return { values: parseEnvFile(filled), made: true };
}

/** Where other projects keep their settings. Next.js reads some of them, this application none. */
const otherFiles = ["", "apps/web/", "apps/api/", "apps/api-fastapi/", "frontend/", "backend/"].flatMap(
  (place) =>
    [".env.local", ".env.production", ".env.production.local", ".env.development", ".env.development.local"]
      .concat(place === "" ? [] : [".env"])
      .map((name) => `${place}${name}`),
);

/** A file that is ignored without a word would leave this application with a fresh secret. */
function refuseOtherFiles(folder) {
  const found = otherFiles.find((file) => existsSync(join(folder, file)));
  if (found === undefined) return;
  throw new StartError(
    `${found} is not read: the settings of both servers are in .env, beside package.json. Move them there and remove ${found}.`,
  );
}

/** What tutorials call the secret, and what goes with it. */
function refuseOtherNames(file, environment) {
  const inFile = Object.keys(file).find((name) => name.startsWith("JWT_"));
  const hasSecret = file.BETTER_AUTH_SECRET || environment.BETTER_AUTH_SECRET;
  const name = inFile ?? (environment.JWT_SECRET && !hasSecret ? "JWT_SECRET" : undefined);
  if (name === undefined) return;
  const place = inFile === undefined ? "the environment" : ".env";
  throw new StartError(
    name === "JWT_SECRET"
      ? `JWT_SECRET in ${place} is not read. Call it BETTER_AUTH_SECRET: it is the same for both servers.`
      : `${name} in ${place} is not read. Remove it: .env.example lists every setting, such as TOKEN_TTL.`,
  );
}

const earlierPrefix = `${["COUNTER", "SIGN"].join("")}_`;

/** Settings of the project's earlier name would be ignored without a word, and with them a key. */
function refuseEarlierNames(names) {
  const earlier = names.find((name) => name.startsWith(earlierPrefix));
  if (earlier === undefined) return;
  const name = `WATCHWORD_${earlier.slice(earlierPrefix.length)}`;
  throw new StartError(`${earlier} is called ${name} now. Rename it in .env and in the environment.`);
}

/** Every setting of the application with its default filled in, as environment variables for both servers. */
export function resolveSettings(environment, file) {
  refuseEarlierNames([...Object.keys(file), ...Object.keys(environment)]);
  const given = (name) => environment[name] || file[name] || undefined;
  const webPort = port("WEB_PORT", given("WEB_PORT") ?? "3000");
  const apiPort = port("API_PORT", given("API_PORT") ?? "8000");
  if (webPort === apiPort)
    throw new StartError(`WEB_PORT and API_PORT are both ${webPort}. Give them different ports.`);
  const host = given("HOST") ?? "127.0.0.1";
  const settings = {
    ...file,
    ...withoutEmpty(environment),
    HOST: host,
    WEB_PORT: String(webPort),
    API_PORT: String(apiPort),
    BETTER_AUTH_URL:
      given("BETTER_AUTH_URL") ?? given("NEXT_PUBLIC_APP_URL") ?? `http://localhost:${webPort}`,
    NEXT_PUBLIC_API_URL: given("NEXT_PUBLIC_API_URL") ?? `http://localhost:${apiPort}`,
    DATABASE_URL: databaseUrl(given("DATABASE_URL") ?? "file:./data"),
    SHOW_VERIFICATION: given("SHOW_VERIFICATION") ?? "1",
  };
  return settings;
}

function port(name, text) {
  const number = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > 65535)
    throw new StartError(`${name} is not a port. Set it to a number from 1 to 65535.`);
  return number;
}

/**
 * The address of a PostgreSQL database as it is; the folder of the embedded databases as an absolute `file:` setting, made
 * and found writable.
 */
function databaseUrl(text) {
  if (isPostgres(text)) return text;
  if (!text.startsWith("file:")) {
    throw new StartError(
      "DATABASE_URL has a form that is not supported. Set it to file: and a folder, such as file:./data, or to the address of a PostgreSQL database, such as postgres://user:password@host/database.",
    );
  }
  const folder = resolve(root, text.startsWith("file://") ? fileURLToPath(text) : text.slice("file:".length));
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartError(
      `The data folder ${folder} is not writable (${error.code}). Make it writable, or set DATABASE_URL to file: and another folder.`,
    );
  }
  return `file:${folder}`;
}

const isPostgres = (text) => /^postgres(?:ql)?:\/\//i.test(text);

/** Where the data is, for a person to read: no user name and no password. */
export function dataPlace(databaseUrl) {
  if (!isPostgres(databaseUrl)) return databaseUrl.slice("file:".length);
  const url = URL.parse(databaseUrl);
  return url ? `PostgreSQL ${url.host}${url.pathname}` : "PostgreSQL";
}

/** Level by level: the recursive form of `mkdir` never returns below `/proc`. */
function makeFolder(folder) {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

const withoutEmpty = (values) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
