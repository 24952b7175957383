import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Api } from "../http/operations.ts";

const pageFile = new URL("../../../../contract/docs.html", import.meta.url);

/** What the document says beside its operations. */
export const documentInfo = {
  openapi: "3.1.0",
  info: { title: "Countersign Todo API", version: "0.1.0" },
};

/** Serves the OpenAPI document, written from the routes, and the page that shows it. Called after all operations. */
export function addDocumentRoutes(api: Api): void {
  api.openAPIRegistry.registerComponent("securitySchemes", "bearerAuth", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
  });
  const { openapi, info, paths, components } = api.getOpenAPI31Document(documentInfo);
  const { schemas, securitySchemes } = components ?? {};
  const document = { openapi, info, paths, components: { securitySchemes, schemas } };
  api.get("/openapi.json", (c) => c.json(document));

  const page = readFileSync(pageFile, "utf8");
  const policy = contentSecurityPolicy(page);
  api.get("/docs", (c) =>
    c.body(page, 200, { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy }),
  );
}

/**
 * Allows the page's own inline script and style, by their hashes, and requests to this origin; nothing else.
 *
 * @see https://www.w3.org/TR/CSP3/
 */
function contentSecurityPolicy(page: string): string {
  return [
    "default-src 'none'",
    `script-src ${hashesOf(page, "script")}`,
    `style-src ${hashesOf(page, "style")}`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function hashesOf(page: string, element: "script" | "style"): string {
  const contents = page.matchAll(new RegExp(`<${element}>([\\s\\S]*?)</${element}>`, "g"));
  const hashes = [...contents].map(([, text = ""]) => createHash("sha256").update(text).digest("base64"));
  return hashes.map((hash) => `'sha256-${hash}'`).join(" ");
}
