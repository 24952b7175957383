import { defineConfig } from "vitest/config";
import { backendNames, chosenBackends } from "../support/backend.ts";

const comparesBoth = chosenBackends().length === backendNames.length;

export default defineConfig({
  test: {
    name: "api",
    include: ["**/*.test.ts"],
    // What compares the two backends needs both.
    exclude: comparesBoth ? [] : ["twins*.test.ts"],
    globalSetup: ["../support/api-setup.ts"],
    testTimeout: 30_000,
    hookTimeout: 90_000,
  },
});
