import { operationsAt, problemTypePrefix, refusal, schemaAt } from "./contract.ts";
import { faultsOf } from "./json-schema.ts";
import type { Answer } from "./raw-request.ts";

/** What an answer is held against: the request it answers. */
export interface Asked {
  readonly method: string;
  readonly target: string;
}

/** A problem document (contract/README.md, HTTP 9). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly errors?: readonly { readonly in: string; readonly pointer: string; readonly code: string }[];
}

/** Headers that no answer of the API has. */
const never = ["set-cookie", "location", "server", "x-powered-by", "expires", "last-modified"];

/** The problem document of an answer, or what keeps it from being one. */
export function problemIn(answer: Answer): Problem | string {
  const type = answer.all("content-type").join(", ");
  if (type !== "application/problem+json") return `the type ${type || "(none)"} is no problem document`;
  let content: unknown;
  try {
    content = answer.json();
  } catch {
    return "the problem document is no JSON";
  }
  const faults = faultsOf(content, schemaAt("Problem"), schemaAt);
  return faults.length > 0 ? `the problem document: ${faults.join("; ")}` : (content as Problem);
}

function problemFaults(answer: Answer): string[] {
  const problem = problemIn(answer);
  if (typeof problem === "string") return [problem];
  const rule = refusal(problem.code);
  const faults: string[] = [];
  const is = (what: string, got: unknown, wanted: unknown) => {
    if (got !== wanted) faults.push(`${what} is ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
  };
  is("type", problem.type, `${problemTypePrefix}${problem.code}`);
  is("title", problem.title, rule.title);
  is("the document's status", problem.status, rule.status);
  is(`the status of ${problem.code}`, answer.status, rule.status);
  if (![rule.detail, ...Object.values(rule.variants ?? {})].includes(problem.detail))
    faults.push(`detail ${JSON.stringify(problem.detail)} is not in contract/errors.json`);
  is("whether errors are listed", "errors" in problem, problem.code === "validation_failed");
  if (problem.errors?.length === 0) faults.push("the list of errors is empty");
  return faults;
}

/** The challenge that belongs to a status, so far as it can be known without the body (a HEAD has none). */
function challengeFaults(answer: Answer, bodiless: boolean): string[] {
  const [challenge] = answer.all("www-authenticate");
  if (answer.status === 401 && challenge === undefined) return ["a 401 without WWW-Authenticate"];
  if (![400, 401, 403].includes(answer.status) && challenge !== undefined)
    return [`WWW-Authenticate on a ${answer.status}`];
  if (bodiless || answer.status < 400) return [];
  const problem = problemIn(answer);
  if (typeof problem === "string") return [];
  const { error } = refusal(problem.code);
  const wanted =
    error !== null
      ? `Bearer error="${error}", error_description="${problem.detail}"`
      : answer.status === 401
        ? "Bearer"
        : undefined;
  return challenge === wanted ? [] : [`WWW-Authenticate is ${challenge}, not ${wanted}`];
}

/** The path of a target in origin or absolute form, without the slash at its end (contract/README.md, HTTP 1). */
function pathOf(target: string): string {
  return (target.split(/[?#]/)[0] ?? "").replace(/^https?:\/\/[^/]*/, "").replace(/(?<=[^/])\/$/, "");
}

function documentFaults(asked: Asked, answer: Answer, bodiless: boolean): string[] {
  const path = pathOf(asked.target);
  const method = asked.method === "HEAD" ? "get" : asked.method.toLowerCase();
  const operation = operationsAt(path)?.[method];
  if (operation === undefined || asked.method !== asked.method.toUpperCase()) {
    if (["/openapi.json", "/docs"].includes(path)) return [];
    return [404, 405, 401, 403, 400, 429, 501].includes(answer.status)
      ? []
      : [`an undocumented operation is answered ${answer.status}`];
  }
  if (answer.status === 404) return [];
  const documented = operation.responses[String(answer.status)];
  if (documented === undefined) return [`${operation.operationId} documents no ${answer.status}`];
  if (bodiless || answer.status === 204) return [];
  const type = answer.all("content-type").join(", ");
  const content = documented.content?.[type];
  if (content === undefined)
    return [`${operation.operationId} documents no ${type || "body"} for ${answer.status}`];
  if (type === "text/event-stream") return [];
  const body = answer.json();
  const faults = faultsOf(body, content.schema, schemaAt).map((fault) => `body${fault}`);
  if (documented.headers && "ETag" in documented.headers) {
    const wanted = `"${(body as { version: number }).version}"`;
    const [tag] = answer.all("etag");
    if (tag !== wanted) faults.push(`ETag is ${tag}, not ${wanted}`);
  }
  return faults;
}

/** Everything in which an answer differs from what the contract says of every answer (contract/README.md, HTTP 3, 9 and 10). */
export function conformanceFaults(asked: Asked, answer: Answer): string[] {
  const bodiless = asked.method === "HEAD";
  const faults: string[] = [];
  const wrong = (holds: boolean, fault: string) => {
    if (!holds) faults.push(fault);
  };
  wrong(answer.status === 503 || answer.status < 500, `status ${answer.status}`);
  for (const [name, wanted] of [
    ["cache-control", "no-store"],
    ["x-content-type-options", "nosniff"],
    ["vary", "Origin"],
  ] as const) {
    const got = answer.all(name);
    wrong(got.length === 1 && got[0] === wanted, `${name} is ${JSON.stringify(got)}, not ${wanted}`);
  }
  const ids = answer.all("x-request-id");
  wrong(ids.length === 1 && /^[A-Za-z0-9_-]{8,64}$/.test(ids[0] ?? ""), `x-request-id is ${ids.join(", ")}`);
  for (const name of never) wrong(answer.all(name).length === 0, `${name} is sent`);
  wrong(
    !answer.headers.some(([name]) => name.toLowerCase().startsWith("x-ratelimit")),
    "rate limit headers are sent",
  );
  if (bodiless || answer.status === 204) wrong(answer.text === "", "a body is sent where none may be");
  if (answer.status === 204) wrong(answer.all("content-type").length === 0, "a 204 has a type");
  else if (answer.status >= 400 && !bodiless) faults.push(...problemFaults(answer));
  if (answer.status === 405) wrong(answer.all("allow").length === 1, "a 405 without Allow");
  faults.push(...challengeFaults(answer, bodiless));
  if (asked.method !== "OPTIONS") faults.push(...documentFaults(asked, answer, bodiless));
  return faults;
}
