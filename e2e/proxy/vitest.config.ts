import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "proxy",
    include: ["**/*.test.ts"],
    globalSetup: ["./setup.ts"],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 300_000,
  },
});
