import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "rotation",
    include: ["**/*.test.ts"],
    environment: "node",
    testTimeout: 240_000,
    hookTimeout: 90_000,
    // The load of a play leaves the machine idle most of the time: two run side by side.
    sequence: { concurrent: true },
    maxConcurrency: 2,
  },
});
