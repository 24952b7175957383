import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vitest/config";

/** `npm run test:better-auth` names a folder in which another Better Auth is installed: everything takes that one. */
const elsewhere = process.env["WATCHWORD_BETTER_AUTH"];
const betterAuth: Plugin = {
  name: "better-auth-of-another-folder",
  enforce: "pre",
  resolveId(source, _importer, options) {
    if (!elsewhere || !/^@?better-auth(\/|$)/.test(source)) return null;
    return this.resolve(source, `${elsewhere}/package.json`, { ...options, skipSelf: true });
  },
};

/** Tests run on the sources: `watchword/*` resolves through the `watchword-source` condition of package.json. */
export default defineConfig({
  plugins: [betterAuth],
  resolve: {
    conditions: ["watchword-source"],
    // Better Auth's Drizzle adapter is installed above this package, and looks for Drizzle beside itself.
    alias: { "drizzle-orm": fileURLToPath(new URL("node_modules/drizzle-orm", import.meta.url)) },
  },
  ssr: { resolve: { conditions: ["watchword-source"] } },
  test: {
    environment: "node",
    // The cache does not know whose Better Auth a module was resolved to.
    fsModuleCache: !elsewhere,
    include: ["test/**/*.test.ts"],
    // Real databases on a busy machine take their time; what has to be quick is measured by the test itself.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    server: { deps: { inline: [/@better-auth[\\/]drizzle-adapter/] } },
  },
});
