import { afterAll, beforeAll, expect, it } from "vitest";
import { forgedTokens } from "../support/forged-tokens.ts";
import { oddDocuments, oddValues, unreadableBodies } from "../support/odd-bodies.ts";
import { oddContentTypes, oddCredentials, oddHeaders } from "../support/odd-headers.ts";
import { oddQueries, oddRowIds, oddSegments } from "../support/odd-paths.ts";
import type { HeaderLines, RawRequest } from "../support/raw-request.ts";
import { tokenFor } from "../support/token.ts";
import { Twins } from "../support/twins.ts";

let twins: Twins;
let token: string;
const json = ["Content-Type", "application/json"] as const;
const good = (): readonly [string, string] => ["Authorization", `Bearer ${token}`];
const request = (
  method: string,
  target: string,
  headers: HeaderLines = [],
  body?: string | Uint8Array,
): RawRequest => ({
  method,
  target,
  headers,
  body,
});

beforeAll(async () => {
  twins = await Twins.start();
  token = tokenFor(twins.realm, "ann", { email: "ann@example.test", name: "Ann" });
  const other = tokenFor(twins.realm, "ben", { email: "ben@example.test", name: "Ben" });
  const setUp: RawRequest[] = [];
  for (const [user, its] of [
    ["ann", token],
    ["ben", other],
  ] as const) {
    const headers = [["Authorization", `Bearer ${its}`], json] as const;
    setUp.push(request("GET", "/api/v1/users/me", headers));
    for (const title of ["first", "Second", "\u{1f600}"])
      setUp.push(
        request("POST", `/api/${user}/tasks`, headers, JSON.stringify({ title: `${title} of ${user}` })),
      );
  }
  expect(await twins.differences(setUp)).toEqual([]);
});

afterAll(async () => {
  await twins?.stop();
});

/** The two answer alike, and nothing is written by either. */
async function expectAlike(requests: readonly RawRequest[]): Promise<void> {
  const before = twins.stored();
  expect(before[0]).toBe(before[1]);
  const differences = await twins.differences(requests);
  expect(differences.slice(0, 60), `${differences.length} of ${requests.length} differ`).toEqual([]);
  expect(twins.stored()).toEqual(before);
}

it("both answer every odd path alike and write nothing", async () => {
  const paths = oddSegments.flatMap((piece) => [
    `/api/${piece}/tasks`,
    `/api/ann${piece}/tasks`,
    `/api/${piece}ann/tasks`,
    `/api/ann/tasks/${piece}`,
    `/api/ann/tasks${piece}`,
    `/api/ann/${piece}/tasks`,
    `/api/ann/tasks/1${piece}`,
    `/api/ann/tasks/1/${piece}`,
    `/${piece}`,
    `${piece}`,
    `/${piece}/health`,
    `/health${piece}`,
    `http://elsewhere.test/${piece}`,
  ]);
  const targets = paths.filter((path) => path.startsWith("/") || path.startsWith("http://"));
  await expectAlike(targets.flatMap((target) => [request("GET", target, [good()]), request("GET", target)]));
});

it("both answer every odd row id alike and write nothing", async () => {
  await expectAlike(
    oddRowIds.flatMap((id) => [
      request("GET", `/api/ann/tasks/${id}`, [good()]),
      request("DELETE", `/api/ann/tasks/${id}`, [good()]),
      request("PUT", `/api/ann/tasks/${id}`, [good(), json], "{}"),
      request("PATCH", `/api/ann/tasks/${id}`, [good(), json], '{"title":7}'),
      request("PATCH", `/api/ann/tasks/${id}/complete`, [good()]),
    ]),
  );
});

it("both answer every odd query alike and write nothing", async () => {
  await expectAlike(
    oddQueries.flatMap((query) => [
      request("GET", `/api/ann/tasks?${query}`, [good()]),
      request("HEAD", `/api/ann/tasks?${query}`, [good()]),
      request("GET", `/api/ann/tasks/1?${query}`, [good()]),
      request("GET", `/health?${query}`),
      request("GET", `/nothing?${query}`),
    ]),
  );
});

it("both answer every odd credential alike and write nothing", async () => {
  await expectAlike(
    oddCredentials
      .map((value) => ["Authorization", value.replaceAll("{T}", token)] as const)
      .flatMap((line) => [
        request("GET", "/api/ann/tasks", [line]),
        request("GET", "/api/ben/tasks", [line]),
        request("POST", "/api/ann/tasks", [line], "{bad"),
        request("GET", "/api/v1/users/me", [line]),
        request("GET", "/api/ann/tasks", [line, ["authorization", "Basic x"]]),
        request("GET", "/health", [line]),
      ]),
  );
});

it("both refuse every forged token alike and write nothing", async () => {
  await expectAlike(
    forgedTokens(twins.realm, "ann").map((forged) =>
      request("POST", "/api/ann/tasks", [["Authorization", `Bearer ${forged.token}`], json], '{"title":"x"}'),
    ),
  );
});

it("both answer odd headers beside a read and a faulty write alike and write nothing", async () => {
  await expectAlike(
    oddHeaders.flatMap((lines) => [
      request("GET", "/api/ann/tasks", [good(), ...lines]),
      request("GET", "/api/ann/tasks/1", [good(), ...lines]),
      request("GET", "/api/ann/tasks/4", [good(), ...lines]),
      request("PATCH", "/api/ann/tasks/4", [good(), json, ...lines], "{}"),
      request("PATCH", "/api/ann/tasks/1", [good(), json, ...lines], '{"title":7}'),
      request("PATCH", "/api/ann/tasks/1", [good(), json, ...lines], "{}"),
      request("OPTIONS", "/api/ann/tasks", lines),
      request("OPTIONS", "/api/ann/tasks", [["Access-Control-Request-Method", "GET"], ...lines]),
      request("GET", "/health", lines),
    ]),
  );
});

it("both answer every odd method alike and write nothing", async () => {
  const methods = [
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "PROPFIND",
    "SEARCH",
    "MKCOL",
    "LOCK",
    "REPORT",
    "PURGE",
  ];
  const paths = [
    "/api/ann/tasks",
    "/api/ben/tasks",
    "/api/ann/tasks/x/complete",
    "/health",
    "/ready",
    "/docs",
    "/openapi.json",
    "/nothing",
  ];
  await expectAlike(
    methods.flatMap((method) =>
      paths.flatMap((path) => [
        request(method, path),
        request(method, path, [good()]),
        request(method, path, [good(), json], "{bad"),
      ]),
    ),
  );
});

it("both answer every odd content type alike and write nothing", async () => {
  await expectAlike(
    oddContentTypes.flatMap((type) => [
      request("POST", "/api/ann/tasks", [good(), ["Content-Type", type]], "{}"),
      request("POST", "/api/ann/tasks", [good(), ["Content-Type", type]], "{bad"),
      request("POST", "/api/ann/tasks", [good(), ["Content-Type", type]], ""),
      request("POST", "/api/ann/tasks", [good(), ["Content-Type", type], json], "{}"),
      request("PATCH", "/api/ann/tasks/4/complete", [good(), ["Content-Type", type]], ""),
      request("PATCH", "/api/ann/tasks/1/complete", [good(), ["Content-Type", type]], '{"completed":7}'),
      request("PUT", "/api/v1/users/me", [good(), ["Content-Type", type]], '{"name":7}'),
    ]),
  );
});

it("both answer bodies with and without a length alike and write nothing", async () => {
  const chunked = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
  const paths = ["/api/ann/tasks", "/api/v1/users/me", "/api/ann/tasks/4", "/api/ann/tasks/4/complete"];
  await expectAlike(
    paths.flatMap((path) =>
      (path === "/api/ann/tasks" ? ["POST"] : ["PUT", "PATCH"]).flatMap((method) => [
        request(method, path, [good()]),
        request(method, path, [good(), ["Content-Length", "0"]]),
        request(method, path, [good(), json]),
        request(method, path, [good(), ["Transfer-Encoding", "chunked"]], "0\r\n\r\n"),
        request(method, path, [good(), json, ["Transfer-Encoding", "chunked"]], "0\r\n\r\n"),
        request(method, path, [good(), json, ["Transfer-Encoding", "chunked"]], chunked("[]")),
        request(method, path, [good(), json, ["Transfer-Encoding", "chunked"]], chunked("x".repeat(65_537))),
        request(method, path, [good(), ["Transfer-Encoding", "chunked"]], chunked("x".repeat(65_537))),
        request(method, path, [good(), json, ["Content-Length", "9999999999"]], "{"),
        request(method, path, [good(), ["Content-Length", "65537"]], "{"),
        request(method, path, [json, ["Content-Length", "9999999999"]], "{"),
        request(method, path, [good(), json, ["Content-Encoding", "gzip"]], "[]"),
      ]),
    ),
  );
});

const writes = [
  ["POST", "/api/ann/tasks"],
  ["PUT", "/api/ann/tasks/1"],
  ["PATCH", "/api/ann/tasks/1"],
  ["PUT", "/api/ann/tasks/4"],
  ["PATCH", "/api/ann/tasks/1/complete"],
  ["PUT", "/api/v1/users/me"],
] as const;

it("both refuse every unreadable body alike and write nothing", async () => {
  const emptyToggles = (method: string, path: string, body: string | Uint8Array) =>
    body.length === 0 && method === "PATCH" && path.endsWith("/complete");
  await expectAlike(
    unreadableBodies.flatMap((body) =>
      writes
        .filter(([method, path]) => !emptyToggles(method, path, body))
        .map(([method, path]) => request(method, path, [good(), json], body)),
    ),
  );
});

it("both answer every odd document alike and write nothing but the same", async () => {
  const differences = await twins.differences(
    oddDocuments.flatMap((body) =>
      writes.map(([method, path]) => request(method, path, [good(), json], body)),
    ),
  );
  expect(differences).toEqual([]);
  const [hono, fastapi] = twins.stored();
  expect(hono).toBe(fastapi);
});

it("both judge every odd value of every member alike and write nothing but the same", async () => {
  const requests = oddValues.flatMap((value) => [
    request("POST", "/api/ann/tasks", [good(), json], `{"title":${value}}`),
    request("POST", "/api/ann/tasks", [good(), json], `{"title":"x","description":${value}}`),
    request("POST", "/api/ann/tasks", [good(), json], `{"title":"x","completed":${value}}`),
    request(
      "PUT",
      "/api/ann/tasks/1",
      [good(), json],
      `{"title":${value},"description":${value},"completed":${value}}`,
    ),
    request("PATCH", "/api/ann/tasks/1", [good(), json], `{"title":${value}}`),
    request("PATCH", "/api/ann/tasks/1", [good(), json], `{"description":${value}}`),
    request("PATCH", "/api/ann/tasks/1/complete", [good(), json], `{"completed":${value}}`),
    request("PATCH", "/api/ann/tasks/1/complete", [good(), json], `{"other":${value},"completed":true}`),
    request("PUT", "/api/v1/users/me", [good(), json], `{"email":${value}}`),
    request("PUT", "/api/v1/users/me", [good(), json], `{"name":${value}}`),
    request("PUT", "/api/v1/users/me", [good(), json], `{"username":${value}}`),
    request(
      "PUT",
      "/api/v1/users/me",
      [good(), json],
      `{"email":${value},"name":${value},"username":${value},"id":${value}}`,
    ),
  ]);
  const differences = await twins.differences(requests);
  expect(differences.slice(0, 60), `${differences.length} of ${requests.length} differ`).toEqual([]);
  const [hono, fastapi] = twins.stored();
  expect(hono).toBe(fastapi);
});

it("both make the same profile of odd claims", async () => {
  const claims = [
    ...[
      { email: 7 },
      { email: "" },
      { email: null },
      { email: "x".repeat(400) },
      { email: "a\u0000b" },
      { email: "no address" },
    ],
    ...[
      { name: {} },
      { name: "" },
      { name: " " },
      { name: "n".repeat(300) },
      { name: "a\u0000" },
      { name: "\u{1f600}" },
    ],
    ...[
      { role: 7 },
      { role: [] },
      { scope: 7 },
      { scope: ["a"] },
      { scope: "a  b" },
      { username: "x" },
      { id: "x" },
    ],
  ];
  const differences = await twins.differences(
    claims.flatMap((extra, index) => {
      const its = tokenFor(twins.realm, `odd${index}`, extra);
      return [
        request("GET", "/api/v1/users/me", [["Authorization", `Bearer ${its}`]]),
        request("GET", `/api/odd${index}/tasks`, [["Authorization", `Bearer ${its}`]]),
      ];
    }),
  );
  expect(differences).toEqual([]);
});

it("both read a good life of a task alike", async () => {
  const path = "/api/ann/tasks/5";
  const body = (members: object) => JSON.stringify(members);
  const differences = await twins.differences([
    request("GET", "/api/ann/tasks", [good()]),
    request("GET", "/api/ann/tasks?sort=title&limit=2&offset=1", [good()]),
    request(
      "POST",
      "/api/ann/tasks",
      [good(), json],
      body({ title: "A \u{1f600} \u2028 </script> \u007f \u00e9", description: '\b\f\n\r\t"\\/' }),
    ),
    ...[1, 2, 3].map((id) => request("GET", `/api/ann/tasks/${id}`, [good()])),
    request(
      "PATCH",
      "/api/ann/tasks/2",
      [good(), json],
      body({ description: "\u0001\u001f\u0080\u009f\ufffe\uffff" }),
    ),
    request("GET", "/api/ann/tasks/2", [good()]),
    request("PATCH", "/api/ann/tasks/2/complete", [good()]),
    request("DELETE", "/api/ann/tasks/2", [good(), ["If-Match", "*"]]),
    request("GET", path, [good()]),
    request("GET", "/health"),
    request("GET", "/ready"),
    request("GET", "/openapi.json"),
    request("GET", "/docs"),
    request("PUT", "/api/v1/users/me", [good(), json], body({ name: "\u00c4nn", username: "ann" })),
    request("GET", "/api/ann/tasks?q=%C3%A9&completed=false", [good()]),
    request("OPTIONS", "/api/ann/tasks", [
      ["Origin", "http://app.test:3000"],
      ["Access-Control-Request-Method", "PUT"],
    ]),
    request("GET", "/api/ann/tasks", [good(), ["Origin", "http://app.test:3000"]]),
  ]);
  expect(differences).toEqual([]);
});
