import { defineConfig } from "vitest/config";
import { apiModes, wholePairs } from "../support/browser-pairs.ts";

const modes = wholePairs().map(({ mode }) => mode);

export default defineConfig({
  test: {
    name: "browser",
    include: ["**/*.test.ts"],
    // What is about one mode alone is called so, and needs a pair of that mode.
    exclude: apiModes.filter((mode) => !modes.includes(mode)).map((mode) => `**/*.${mode}.test.ts`),
    globalSetup: ["../support/browser-setup.ts"],
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 300_000,
  },
});
