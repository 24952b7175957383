import { defineConfig } from "vitest/config";

/** Tests run on the sources: `countersign/*` resolves through the `source` condition of package.json. */
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: { environment: "node", include: ["test/**/*.test.ts"] },
});
