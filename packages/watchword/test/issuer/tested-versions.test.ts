import { readFileSync } from "node:fs";
import { betterAuth } from "better-auth";
import { expect, it } from "vitest";
import { adviseOnVersion } from "../../src/issuer/tested-versions.ts";
import { contractFile } from "../contract-files.ts";

const { tested } = contractFile<{ tested: string[] }>("better-auth.json");
const [oldest = "", newest = ""] = [tested[0], tested.at(-1)];

function warnings(version: string): string[] {
  const told: string[] = [];
  adviseOnVersion({ version, logger: { warn: (message: string) => void told.push(message) } as never });
  return told;
}

it("the tests run with the newest version, or with the one that they are told", async () => {
  const { version } = await betterAuth({ logger: { disabled: true } }).$context;
  expect(version).toBe(process.env["WATCHWORD_BETTER_AUTH_VERSION"] ?? newest);
});

it.each(tested)("Better Auth %s is known", (version) => {
  expect(warnings(version)).toEqual([]);
});

it.each(["1.6.33", "1.7.26", "1.8.0-beta.2", "2.0.0", "unknown"])(
  "Better Auth %s is warned of",
  (version) => {
    expect(warnings(version)).toEqual([
      expect.stringContaining(
        `Better Auth ${version} was not tested with this plugin, which knows ${oldest} to ${newest}.`,
      ),
    ]);
  },
);

it("the package takes the oldest version and those after it", () => {
  const url = new URL("../../package.json", import.meta.url);
  const { peerDependencies } = JSON.parse(readFileSync(url, "utf8")) as {
    peerDependencies: Record<string, string>;
  };
  expect(peerDependencies["better-auth"]).toBe(`>=${oldest} <2`);
});
