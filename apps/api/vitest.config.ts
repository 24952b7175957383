import { defineConfig } from "vitest/config";

/** Tests run on the sources of `countersign`, through the `source` condition of its package.json. */
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: { environment: "node", include: ["test/**/*.test.ts"] },
});
