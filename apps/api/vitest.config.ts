import { defineConfig } from "vitest/config";

/** Tests whose store is either one are run on both. */
const onBothStores = ["test/{admin,chat,posts,profile,tasks}/**/*.test.ts"];

/** Tests run on the sources of `watchword`, through the `watchword-source` condition of its package.json. */
export default defineConfig({
  resolve: { conditions: ["watchword-source"] },
  ssr: { resolve: { conditions: ["watchword-source"] } },
  test: {
    environment: "node",
    // Some start processes and make databases, on machines that do other things besides.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      { extends: true, test: { name: "sqlite", include: ["test/**/*.test.ts"] } },
      {
        extends: true,
        test: { name: "postgres", include: onBothStores, env: { API_TEST_STORE: "postgres" } },
      },
    ],
  },
});
