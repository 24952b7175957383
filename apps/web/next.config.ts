import path from "node:path";
import type { NextConfig } from "next";

/** Headers for every answer of the web application. A policy for scripts with nonces can be added in `proxy.ts`. */
const securityHeaders = [
  {
    key: "Content-Security-Policy",
    value: "base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'",
  },
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), payment=()" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
];

const configuration: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // A package of this workspace, taken as its sources are.
  transpilePackages: ["@countersign/todo-client"],
  // The lock file and node_modules are at the root of the workspace.
  turbopack: { root: path.join(import.meta.dirname, "../..") },
  headers: async () => [{ source: "/:path*", headers: securityHeaders }],
};

export default configuration;
