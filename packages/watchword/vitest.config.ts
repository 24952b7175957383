import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Tests run on the sources: `watchword/*` resolves through the `watchword-source` condition of package.json. */
export default defineConfig({
  resolve: {
    conditions: ["watchword-source"],
    // Better Auth's Drizzle adapter is installed above this package, and looks for Drizzle beside itself.
    alias: { "drizzle-orm": fileURLToPath(new URL("node_modules/drizzle-orm", import.meta.url)) },
  },
  ssr: { resolve: { conditions: ["watchword-source"] } },
  test: {
    environment: "node",
    include: ["test/**/*.test.ts"],
    // Real databases on a busy machine take their time; what has to be quick is measured by the test itself.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    server: { deps: { inline: [/@better-auth[\\/]drizzle-adapter/] } },
  },
});
