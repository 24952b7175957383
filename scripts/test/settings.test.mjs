import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fromRoot } from "../workspace/folders.mjs";
import { dataPlace, ensureSecret, parseEnvFile, resolveSettings } from "../workspace/settings.mjs";

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "watchword settings "));
  writeFileSync(join(folder, ".env.example"), readFileSync(fromRoot(".env.example")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const envFile = () => readFileSync(join(folder, ".env"), "utf8");

describe("ensureSecret", () => {
  it("makes an env file with a fresh 256-bit secret that only its owner can read", () => {
    const { values, made } = ensureSecret(folder, {});
    expect(made).toBe(true);
    expect(Buffer.from(values.BETTER_AUTH_SECRET, "base64url")).toHaveLength(32);
    expect(statSync(join(folder, ".env")).mode & 0o777).toBe(0o600);
  });

  it("makes another secret in another folder", () => {
    const first = ensureSecret(folder, {}).values.BETTER_AUTH_SECRET;
    rmSync(join(folder, ".env"));
    expect(ensureSecret(folder, {}).values.BETTER_AUTH_SECRET).not.toBe(first);
  });

  it("keeps the secret of a file that has one", () => {
    const first = ensureSecret(folder, {}).values.BETTER_AUTH_SECRET;
    const second = ensureSecret(folder, {});
    expect(second.made).toBe(false);
    expect(second.values.BETTER_AUTH_SECRET).toBe(first);
  });

  it("fills the empty secret of a file that was copied from the example and keeps its other lines", () => {
    writeFileSync(join(folder, ".env"), "# mine\nBETTER_AUTH_SECRET=\nAPI_PORT=9000\n");
    const { values } = ensureSecret(folder, {});
    expect(values.BETTER_AUTH_SECRET).toHaveLength(43);
    expect(values.API_PORT).toBe("9000");
    expect(envFile()).toMatch(/^# mine\n/);
  });

  it("writes nothing when the environment has the secret", () => {
    expect(ensureSecret(folder, { BETTER_AUTH_SECRET: "from the environment" }).made).toBe(false);
    expect(() => envFile()).toThrow("ENOENT");
  });
});

describe("settings in a place or under a name of another project", () => {
  it.each([".env.local", "frontend/.env.local", "apps/web/.env.local", "backend/.env"])(
    "stop the start by the name of the file: %s",
    (file) => {
      mkdirSync(join(folder, file, ".."), { recursive: true });
      writeFileSync(join(folder, file), "BETTER_AUTH_SECRET=x\n");
      expect(() => ensureSecret(folder, {})).toThrow(
        `${file} is not read: the settings of both servers are in .env`,
      );
      expect(() => envFile()).toThrow("ENOENT");
    },
  );

  it.each([
    ["JWT_SECRET", "JWT_SECRET in .env is not read. Call it BETTER_AUTH_SECRET"],
    ["JWT_ALGORITHM", "JWT_ALGORITHM in .env is not read. Remove it"],
  ])("stop the start by the name of the setting: %s", (name, sentence) => {
    writeFileSync(join(folder, ".env"), `BETTER_AUTH_SECRET=\n${name}=top-secret\n`);
    expect(() => ensureSecret(folder, {})).toThrow(sentence);
    expect(() => ensureSecret(folder, {})).not.toThrow("top-secret");
  });

  it("stop it in the environment too, where there is no secret of ours", () => {
    expect(() => ensureSecret(folder, { JWT_SECRET: "x" })).toThrow(
      "JWT_SECRET in the environment is not read.",
    );
    expect(ensureSecret(folder, { JWT_SECRET: "x", BETTER_AUTH_SECRET: "y" }).made).toBe(false);
  });

  it("numbered secrets are a secret: none is made beside them", () => {
    expect(ensureSecret(folder, { BETTER_AUTH_SECRETS: "1:x" }).made).toBe(false);
  });
});

describe("parseEnvFile", () => {
  it("reads names, quotes, comments and CRLF", () => {
    expect(parseEnvFile("\uFEFF# note\r\nA=1\r\nexport B=\"two words\"\r\nC='x=y'\r\n\r\nD=\r\n")).toEqual({
      A: "1",
      B: "two words",
      C: "x=y",
      D: "",
    });
  });

  it("names the line that is no setting and quotes none of it", () => {
    expect(() => parseEnvFile("A=1\nhunter2 hunter2")).toThrow(/^Line 2 of \.env is not NAME=value\./);
    expect(() => parseEnvFile("hunter2")).not.toThrow(/hunter2/);
  });
});

describe("the example file", () => {
  const example = readFileSync(fromRoot(".env.example"), "utf8");
  const { settings } = JSON.parse(readFileSync(fromRoot("contract", "defaults.json"), "utf8"));

  it.each(Object.entries(settings))("names %s with its default", (name, { value }) => {
    expect(example).toContain(`\n#${name}=${value}\n`);
  });

  it.each(["REVOCATION_FEED_URL", "WATCHWORD_FEED_SECRET"])("names %s", (name) => {
    expect(example).toContain(`\n#${name}=\n`);
  });
});

describe("resolveSettings", () => {
  const resolve = (environment, file = {}) =>
    resolveSettings({ DATABASE_URL: `file:${folder}/data`, ...environment }, file);

  it("shows verification where nothing says otherwise", () => {
    expect(resolve({}).SHOW_VERIFICATION).toBe("1");
    expect(resolve({}, { SHOW_VERIFICATION: "0" }).SHOW_VERIFICATION).toBe("0");
  });

  it("fills in the documented defaults", () => {
    const settings = resolve({});
    expect(settings).toMatchObject({
      WEB_PORT: "3000",
      API_PORT: "8000",
      HOST: "127.0.0.1",
      BETTER_AUTH_URL: "http://localhost:3000",
      NEXT_PUBLIC_API_URL: "http://localhost:8000",
    });
    const { settings: defaults } = JSON.parse(readFileSync(fromRoot("contract", "defaults.json"), "utf8"));
    expect([settings.WEB_PORT, settings.API_PORT, settings.HOST]).toEqual(
      [defaults.WEB_PORT, defaults.API_PORT, defaults.HOST].map(({ value }) => String(value)),
    );
  });

  it("lets the environment win over the file, and the file over the default", () => {
    expect(resolve({ API_PORT: "9001" }, { API_PORT: "9002", WEB_PORT: "9003" })).toMatchObject({
      API_PORT: "9001",
      WEB_PORT: "9003",
    });
  });

  it("takes NEXT_PUBLIC_APP_URL when BETTER_AUTH_URL is absent", () => {
    expect(resolve({ NEXT_PUBLIC_APP_URL: "http://localhost:4000" }).BETTER_AUTH_URL).toBe(
      "http://localhost:4000",
    );
  });

  it("resolves the data folder to an absolute path, with spaces too", () => {
    expect(resolve({}).DATABASE_URL).toBe(`file:${folder}/data`);
    expect(resolve({ DATABASE_URL: `file://${folder.replaceAll(" ", "%20")}/data` }).DATABASE_URL).toBe(
      `file:${folder}/data`,
    );
  });

  it("hands the address of a PostgreSQL database on as it is, and shows it without user and password", () => {
    const url = "postgresql://ada:pa55word@db.example.com:5433/app?sslmode=require";
    expect(resolve({ DATABASE_URL: url }).DATABASE_URL).toBe(url);
    expect(dataPlace(url)).toBe("PostgreSQL db.example.com:5433/app");
    expect(dataPlace("postgres://ada:pa55word@[broken")).toBe("PostgreSQL");
    expect(dataPlace("file:/srv/data")).toBe("/srv/data");
  });

  it.each([
    [{ WEB_PORT: "http" }, "WEB_PORT is not a port. Set it to a number from 1 to 65535."],
    [{ API_PORT: "70000" }, "API_PORT is not a port. Set it to a number from 1 to 65535."],
    [{ API_PORT: "3000" }, "WEB_PORT and API_PORT are both 3000. Give them different ports."],
    [{ DATABASE_URL: "mysql://localhost/x" }, "DATABASE_URL has a form that is not supported."],
  ])("refuses %o with a sentence that says what to do", (environment, sentence) => {
    expect(() => resolve(environment)).toThrow(sentence);
  });

  it("refuses a data folder below /proc without hanging", () => {
    if (process.platform !== "linux") return; // there is no /proc elsewhere
    expect(() => resolve({ DATABASE_URL: "file:/proc/1/watchword" })).toThrow(
      /^The data folder .* is not writable/,
    );
  });

  it("refuses a data folder that cannot be written", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => resolve({ DATABASE_URL: `file:${folder}/file/data` })).toThrow(
      /^The data folder .* is not writable/,
    );
    if (process.getuid?.() === 0) return; // root may write anywhere
    chmodSync(folder, 0o500);
    expect(() => resolve({})).toThrow(/^The data folder .* is not writable \(EACCES\)/);
    chmodSync(folder, 0o700);
  });
});
