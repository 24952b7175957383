import { expect, it } from "vitest";
import type { HeaderLines, RawRequest } from "../support/raw-request.ts";
import { describeTwins } from "../support/twins.ts";

const request = (method: string, target: string, headers: HeaderLines, body?: string): RawRequest => ({
  method,
  target,
  headers,
  body,
});

/** What is no HTTP is refused by each server's own parser, in its own words. */
const broken: readonly (readonly [what: string, request: RawRequest])[] = [
  ["a target with a space", request("GET", "/api/ann/ tasks", [])],
  ["a target with a control character", request("GET", "/api/ann\u0001/tasks", [])],
  ["an empty target", request("GET", "", [])],
  ["a relative target", request("GET", "api/ann/tasks", [])],
  ["a method with a space", request("GE T", "/health", [])],
  ["a header without a colon", request("GET", "/health\u0020HTTP/1.1\r\nbroken", [])],
  ["a header name with a space", request("GET", "/health", [["X Y", "z"]])],
  ["a header value with U+0000", request("GET", "/health", [["X-Y", "a\u0000b"]])],
  [
    "two lengths",
    request(
      "POST",
      "/health",
      [
        ["Content-Length", "1"],
        ["Content-Length", "2"],
      ],
      "x",
    ),
  ],
  ["a negative length", request("POST", "/health", [["Content-Length", "-1"]], "x")],
  ["a length that is no number", request("POST", "/health", [["Content-Length", "one"]], "x")],
  [
    "a length beside chunks",
    request(
      "POST",
      "/health",
      [
        ["Content-Length", "5"],
        ["Transfer-Encoding", "chunked"],
      ],
      "0\r\n\r\n",
    ),
  ],
  [
    "an unknown transfer coding",
    request("POST", "/health", [["Transfer-Encoding", "nonsense"]], "0\r\n\r\n"),
  ],
  [
    "a chunk size that is no number",
    request("POST", "/health", [["Transfer-Encoding", "chunked"]], "zz\r\n\r\n"),
  ],
  ["headers of a megabyte", request("GET", "/health", [["X-Y", "a".repeat(1_000_000)]])],
];

describeTwins((twins) => {
  it.each(broken)("%s is refused by both and breaks neither", async (_what, sent) => {
    for (const said of await twins().answers(sent)) {
      if (said === "closed") continue;
      expect(said.status).toBeGreaterThanOrEqual(400);
      expect(said.status).not.toBe(500);
      expect(said.text).not.toMatch(/Traceback|Error:|\bat .*:\d+/);
    }
    const [hono, fastapi] = await twins().answers(request("GET", "/health", []));
    expect(hono).toEqual(fastapi);
  });
}, false);
