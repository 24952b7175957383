import { expect } from "vitest";
import { operationsAt, problemTypePrefix, refusal, schemaAt } from "./contract.ts";
import { faultsOf } from "./json-schema.ts";
import type { Answer } from "./raw-request.ts";

/** What an answer is held against: the request it answers. */
export interface Asked {
  readonly method: string;
  readonly target: string;
}

interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly errors?: readonly { readonly in: string; readonly pointer: string; readonly code: string }[];
}

const never = ["set-cookie", "location", "server", "x-powered-by", "expires", "last-modified"];

/** The problem document of an answer; the answer is held to be one. */
export function problemOf(answer: Answer): Problem {
  expect(answer.header("content-type")).toBe("application/problem+json");
  const problem = answer.json();
  expect(faultsOf(problem, schemaAt("Problem"), schemaAt)).toEqual([]);
  return problem as Problem;
}

function expectContractProblem(answer: Answer): void {
  const problem = problemOf(answer);
  const rule = refusal(problem.code);
  expect({ type: problem.type, title: problem.title, status: problem.status }).toEqual({
    type: `${problemTypePrefix}${problem.code}`,
    title: rule.title,
    status: rule.status,
  });
  expect(answer.status).toBe(rule.status);
  expect([rule.detail, ...Object.values(rule.variants ?? {})]).toContain(problem.detail);
  expect("errors" in problem).toBe(problem.code === "validation_failed");
  if (problem.errors) expect(problem.errors).not.toHaveLength(0);
}

/** The challenge that belongs to a status, so far as it can be known without the body (a HEAD has none). */
function expectContractChallenge(answer: Answer, bodiless: boolean): void {
  const challenge = answer.header("www-authenticate");
  if (answer.status === 401) expect(challenge).toBeDefined();
  if (![400, 401, 403].includes(answer.status)) expect(challenge).toBeUndefined();
  if (bodiless || answer.status < 400) return;
  const problem = problemOf(answer);
  const { error } = refusal(problem.code);
  if (answer.status === 401 && error === null) expect(challenge).toBe("Bearer");
  else if (error === null) expect(challenge).toBeUndefined();
  else expect(challenge).toBe(`Bearer error="${error}", error_description="${problem.detail}"`);
}

function expectDocumentedAnswer(asked: Asked, answer: Answer, bodiless: boolean): void {
  const path = (asked.target.split(/[?#]/)[0] ?? "").replace(/^https?:\/\/[^/]*/, "");
  const operations = operationsAt(path);
  const method = asked.method === "HEAD" ? "get" : asked.method.toLowerCase();
  const operation = operations?.[method];
  if (operation === undefined || asked.method !== asked.method.toUpperCase()) {
    if (["/openapi.json", "/docs"].includes(path)) return;
    expect([404, 405, 401, 403, 400, 429, 501]).toContain(answer.status);
    return;
  }
  if (answer.status === 404) return;
  const documented = operation.responses[String(answer.status)];
  expect(documented, `${operation.operationId} documents no ${answer.status}`).toBeDefined();
  if (bodiless || answer.status === 204) return;
  const type = answer.header("content-type") ?? "";
  const content = documented?.content?.[type];
  expect(content, `${operation.operationId} documents no ${type} for ${answer.status}`).toBeDefined();
  if (content) expect(faultsOf(answer.json(), content.schema, schemaAt)).toEqual([]);
  if (documented?.headers && "ETag" in documented.headers)
    expect(answer.header("etag")).toBe(`"${(answer.json() as { version: number }).version}"`);
}

/** Holds one answer against everything that the contract says of every answer (contract/README.md, HTTP 3, 9 and 10). */
export function expectConforms(asked: Asked, answer: Answer): void {
  const bodiless = asked.method === "HEAD";
  expect(answer.status === 503 || answer.status < 500, `status ${answer.status}`).toBe(true);
  expect(answer.header("cache-control")).toBe("no-store");
  expect(answer.header("x-content-type-options")).toBe("nosniff");
  expect(answer.header("vary")).toBe("Origin");
  expect(answer.header("x-request-id")).toMatch(/^[A-Za-z0-9_-]{8,64}$/);
  for (const name of never) expect(answer.all(name), name).toEqual([]);
  expect(answer.headers.filter(([name]) => name.toLowerCase().startsWith("x-ratelimit"))).toEqual([]);
  if (bodiless || answer.status === 204) expect(answer.text).toBe("");
  if (answer.status === 204) {
    expect(answer.header("content-type")).toBeUndefined();
  } else if (answer.status >= 400 && !bodiless) {
    expectContractProblem(answer);
  }
  if (answer.status === 405) expect(answer.header("allow")).toBeDefined();
  expectContractChallenge(answer, bodiless);
  if (asked.method !== "OPTIONS") expectDocumentedAnswer(asked, answer, bodiless);
}

/** The answer is the refusal with this code, and its document says so. */
export function expectRefusal(answer: Answer, code: string): void {
  const got = answer.status >= 400 ? problemOf(answer).code : "none";
  expect({ status: answer.status, code: got }).toEqual({ status: refusal(code).status, code });
}

/** The answer is a 422 that lists exactly these faults, each as "in pointer code". */
export function expectFaults(answer: Answer, ...faults: readonly string[]): void {
  expectRefusal(answer, "validation_failed");
  expect(
    (problemOf(answer).errors ?? []).map((fault) => `${fault.in} ${fault.pointer} ${fault.code}`),
  ).toEqual(faults);
}
