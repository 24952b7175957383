import { defineConfig } from "vitest/config";

// Hashing passwords and starting processes takes its time on a busy machine.
export default defineConfig({
  test: { include: ["test/**/*.test.ts"], testTimeout: 30_000, hookTimeout: 30_000 },
});
