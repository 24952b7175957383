import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "rotation",
    include: ["**/*.test.ts"],
    environment: "node",
    testTimeout: 240_000,
    hookTimeout: 90_000,
    fileParallelism: false,
  },
});
