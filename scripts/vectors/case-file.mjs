import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * A file of cases. What all cases share (`now`, `keys`, `configs`) stands in the file itself or in the one it names as
 * `common`.
 */
export function readCases(file) {
  const { cases, common, ...own } = JSON.parse(readFileSync(file, "utf8"));
  if (!Array.isArray(cases) || cases.length === 0) throw new Error(`${file} holds no cases.`);
  const shared = common === undefined ? {} : JSON.parse(readFileSync(resolve(dirname(file), common), "utf8"));
  return {
    common: {
      ...shared,
      ...own,
      keys: { ...shared.keys, ...own.keys },
      configs: { ...shared.configs, ...own.configs },
    },
    cases,
  };
}
