import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Api } from "../http/operations.ts";

const contractFolder = new URL("../../../../contract/", import.meta.url);

/**
 * Serves the OpenAPI document and the page that shows it. The document is the contract's own, so that every backend
 * answers the same bytes; a test holds it against the one that the routes generate.
 */
export function addDocumentRoutes(api: Api): void {
  const document: unknown = JSON.parse(readContract("openapi.json"));
  api.get("/openapi.json", (c) => c.json(document));

  const page = readContract("docs.html");
  const policy = contentSecurityPolicy(page);
  api.get("/docs", (c) =>
    c.body(page, 200, { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy }),
  );
}

function readContract(file: string): string {
  return readFileSync(new URL(file, contractFolder), "utf8");
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
