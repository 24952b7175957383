import path from "node:path";
import type { NextConfig } from "next";

/** Headers for every answer of the web application. Pages get their Content-Security-Policy from `proxy.ts`. */
const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), payment=()" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
];

/** Better Auth answers with JSON, and with a page of its own for some errors: it may show itself and no more. */
const routePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const configuration: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // A package of this workspace, taken as its sources are.
  transpilePackages: ["@watchword/todo-client"],
  // The lock file and node_modules are at the root of the workspace.
  turbopack: { root: path.join(import.meta.dirname, "../..") },
  redirects: async () => [{ source: "/token", destination: "/under-the-hood", permanent: true }],
  headers: async () => [
    { source: "/:path*", headers: securityHeaders },
    // Not where the proxy stands: its answers have a stricter policy of their own, and Next.js would keep this one instead.
    { source: "/api/((?!bff/).*)", headers: [{ key: "Content-Security-Policy", value: routePolicy }] },
  ],
};

export default configuration;
