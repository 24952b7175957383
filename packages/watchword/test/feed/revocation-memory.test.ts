import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("revocation-memory.ts", import.meta.url));

test.each(["session", "token", "user"])("100 000 revocations of kind %s fit in 20 MB", async (kind) => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", program, kind, "100000"]);
  const { bytes, ...rest } = JSON.parse(stdout) as { bytes: number };
  expect(rest).toEqual({ entries: 100_000, state: "fresh" });
  expect(bytes).toBeGreaterThan(1_000_000);
  expect(bytes).toBeLessThan(20_000_000);
});
