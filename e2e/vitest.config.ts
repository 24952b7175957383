import { defineConfig } from "vitest/config";

/** Both suites: the API over HTTP, and the whole application in a browser. */
export default defineConfig({ test: { projects: ["api", "browser"] } });
