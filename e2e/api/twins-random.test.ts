import fc from "fast-check";
import { it } from "vitest";
import { oddContentTypes, oddCredentials, oddHeaders } from "../support/odd-headers.ts";
import { oddQueries, oddSegments } from "../support/odd-paths.ts";
import type { HeaderLines, RawRequest } from "../support/raw-request.ts";
import { tokenFor } from "../support/token.ts";
import { describeTwins } from "../support/twins.ts";

/** The same inputs on every run, so that a failure can be repeated. */
const seed = 20_260_101;

const byte = fc.integer({ min: 0, max: 255 }).map((value) => `%${value.toString(16).padStart(2, "0")}`);
const known = fc.constantFrom(
  "api",
  "ann",
  "ben",
  "tasks",
  "1",
  "2",
  "complete",
  "v1",
  "users",
  "me",
  "health",
);
const segment = fc.oneof(
  { weight: 4, arbitrary: known },
  fc.constantFrom(...oddSegments),
  byte,
  fc.webSegment(),
);
const plainPath = fc.constantFrom(
  "/api/ann/tasks",
  "/api/ann/tasks/1",
  "/api/ann/tasks/1/complete",
  "/api/ben/tasks",
  "/api/v1/users/me",
  "/api/ann/chat",
  "/api/ann/conversations",
  "/api/ann/conversations/1",
  "/api/v1/posts",
  "/api/v1/posts/1",
  "/api/v1/posts/4",
  "/health",
);
const path = fc.oneof(
  plainPath,
  fc.array(segment, { maxLength: 6 }).map((segments) => `/${segments.join("/")}`),
);

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 250 }),
  fc.string({ unit: "grapheme", maxLength: 210 }),
);
const parameter = fc
  .tuple(
    fc.constantFrom("q", "limit", "offset", "sort", "completed", "x", "Q"),
    fc.oneof(text, fc.nat().map(String)),
  )
  .map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`);
const raw = fc.array(fc.oneof(byte, fc.constantFrom("a", "=", "&", "+", "q=", "limit=", "1", ";")), {
  maxLength: 12,
});
const query = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom(...oddQueries),
  fc.array(parameter, { maxLength: 5 }).map((parameters) => parameters.join("&")),
  raw.map((pieces) => pieces.join("")),
);

const value = fc.oneof(text, fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(true, false, null, "", " "));
const members = fc.record(
  {
    title: value,
    description: value,
    completed: value,
    email: value,
    name: value,
    username: value,
    user_id: value,
    body: value,
    is_private: value,
    message: value,
    conversation_id: value,
  },
  { requiredKeys: [] },
);
const document = fc.oneof(members, fc.jsonValue()).map((content) => JSON.stringify(content));
/** A document with one character put in, taken out or exchanged. */
const broken = fc
  .tuple(document, fc.nat(), fc.nat(2), fc.string({ unit: "binary", maxLength: 1 }))
  .map(([json, at, how, character]) => {
    const place = at % (json.length + 1);
    return `${json.slice(0, place)}${how === 0 ? "" : character}${json.slice(how === 1 ? place : place + 1)}`.toWellFormed();
  });
const body = fc.oneof(fc.constant(undefined), document, broken, fc.uint8Array({ maxLength: 60 }));

const method = fc.constantFrom("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
const type: fc.Arbitrary<HeaderLines> = fc.oneof(
  { weight: 6, arbitrary: fc.constant([["Content-Type", "application/json"]] as const) },
  fc.constantFrom(...oddContentTypes).map((value) => [["Content-Type", value]] as const),
  fc.constant([]),
);
const more: fc.Arbitrary<HeaderLines> = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  fc.constantFrom(...oddHeaders),
);
const credential = fc.oneof(
  { weight: 6, arbitrary: fc.constant("Bearer {T}") },
  fc.constantFrom(...oddCredentials),
);

describeTwins((twins) => {
  it("both answer random requests alike and store the same", async () => {
    const token = tokenFor(twins().realm, "ann", { email: "ann@example.test", name: "Ann" });
    const requests: fc.Arbitrary<RawRequest> = fc
      .record({ method, path, query, type, more, credential, body })
      .map((parts) => ({
        method: parts.method,
        target: parts.query === undefined ? parts.path : `${parts.path}?${parts.query}`,
        headers: [["Authorization", parts.credential.replaceAll("{T}", token)], ...parts.type, ...parts.more],
        body: parts.body,
      }));
    const sample = fc.sample(requests, { seed, numRuns: 3000 });
    await twins().expectAlike(sample);
  });
});
