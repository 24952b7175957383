import { defineConfig } from "vitest/config";

export default defineConfig({ test: { name: "cross", include: ["**/*.test.ts"], environment: "node" } });
