import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "revocation",
    include: ["**/*.test.ts"],
    environment: "node",
    testTimeout: 60_000,
    hookTimeout: 90_000,
    // They measure how soon something happens: one after the other.
    fileParallelism: false,
  },
});
