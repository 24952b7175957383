import { defineConfig } from "vitest/config";
import { fromRoot } from "./workspace/folders.mjs";

export default defineConfig({
  // The folder `lib` of the Next.js application that the examples are for.
  resolve: { alias: [{ find: /^@\/lib\/(.*)$/, replacement: fromRoot("docs", "examples", "$1.ts") }] },
  test: { include: ["test/**/*.test.mjs"], environment: "node", testTimeout: 60_000, hookTimeout: 60_000 },
});
