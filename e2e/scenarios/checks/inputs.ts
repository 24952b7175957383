import { oddDocuments, oddValues, unreadableBodies } from "../../support/odd-bodies.ts";
import { oddContentTypes, oddCredentials, oddHeaders } from "../../support/odd-headers.ts";
import { oddQueries, oddRowIds, oddSegments } from "../../support/odd-paths.ts";
import { ConnectionClosed, exchange, type HeaderLines, type RawRequest } from "../../support/raw-request.ts";
import { Failure, Run, type Target } from "../run.ts";
import type { Ask } from "../scenario.ts";

/** Every odd input at every kind of place, as requests of one user. */
function* oddRequests(id: string, token: string): Generator<RawRequest> {
  const good = ["Authorization", `Bearer ${token}`] as const;
  const json = ["Content-Type", "application/json"] as const;
  const get = (target: string, headers: HeaderLines = [good]): RawRequest => ({
    method: "GET",
    target,
    headers,
  });
  for (const piece of oddSegments)
    for (const path of [
      `/api/${piece}/tasks`,
      `/api/${id}/tasks${piece}`,
      `/api/v1/posts/${piece}`,
      `/${piece}`,
    ])
      if (path.startsWith("/")) yield get(path);
  for (const row of oddRowIds)
    for (const path of [`/api/${id}/tasks/${row}`, `/api/${id}/conversations/${row}`, `/api/v1/posts/${row}`])
      yield get(path);
  for (const query of oddQueries)
    for (const path of [
      `/api/${id}/tasks`,
      `/api/${id}/conversations`,
      "/api/v1/posts",
      "/api/v1/admin/users",
    ])
      yield get(`${path}?${query}`);
  for (const value of oddCredentials)
    yield get(`/api/${id}/tasks`, [["Authorization", value.replaceAll("{T}", token)]]);
  for (const lines of oddHeaders) yield get(`/api/${id}/tasks`, [good, ...lines]);
  const writes = [
    ["POST", `/api/${id}/tasks`],
    ["POST", `/api/${id}/chat`],
    ["POST", "/api/v1/posts"],
    ["PUT", "/api/v1/users/me"],
  ] as const;
  const members = (value: string) =>
    `{"title":${value},"body":${value},"message":${value},"conversation_id":${value},"name":${value},"is_private":${value}}`;
  for (const [method, target] of writes) {
    for (const type of oddContentTypes)
      yield { method, target, headers: [good, ["Content-Type", type]], body: "{}" };
    for (const body of [...unreadableBodies, ...oddDocuments, ...oddValues.map(members)])
      yield { method, target, headers: [good, json], body };
  }
}

export async function nothingFailsInside(target: Target): Promise<void> {
  const { id, token } = new Run(target, {}).person("ann");
  const failed: string[] = [];
  for (const request of oddRequests(id, token)) {
    try {
      const { status } = await exchange(target.origin, request);
      if (status >= 500 && status !== 501) failed.push(`${request.method} ${request.target} → ${status}`);
    } catch (error) {
      if (!(error instanceof ConnectionClosed)) throw error;
    }
  }
  if (failed.length > 0)
    throw new Failure(`${failed.length} inputs fail inside: ${failed.slice(0, 3).join("; ").slice(0, 400)}`);
}

/** One request for each refusal that an ordinary request can cause; each answer is held against the one list of refusals. */
export async function oneVocabulary(target: Target): Promise<void> {
  const run = new Run(target, {});
  run.person("ben");
  const tasks = "/api/{{ann.id}}/tasks";
  const token = (shape: NonNullable<Ask["token"]>, code: string): Ask => ({
    who: "ann",
    token: shape,
    path: tasks,
    expect: { code },
  });
  const created = (await run.addTask("ann")) as { id: number };
  const task = `${tasks}/${created.id}`;
  const header = (value: string, code: string): Ask => ({
    authorization: value,
    path: tasks,
    expect: { code },
  });
  const asks: readonly Ask[] = [
    { path: tasks, expect: { code: "missing" } },
    header("Bearer x.y.z", "malformed"),
    header("Bearer {{ann.token}}, Bearer {{ann.token}}", "ambiguous_credentials"),
    header("Bearer {{a*9000}}", "too_large"),
    token({ header: { alg: "none" } }, "unsupported_alg"),
    token({ header: { crit: ["exp"] } }, "unsupported_crit"),
    token({ header: { kid: "0123456789abcdef" } }, "unknown_key"),
    token({ key: "another key" }, "bad_signature"),
    token({ header: { typ: "JWT" } }, "wrong_type"),
    token({ without: ["sub"] }, "missing_claim"),
    token({ claims: { sub: 7 } }, "invalid_claim"),
    token({ claims: { iat: 1, exp: 3600 } }, "expired"),
    token({ claims: { nbf: { $now: 600 } } }, "not_yet_valid"),
    token({ claims: { iss: "https://elsewhere.test" } }, "wrong_issuer"),
    token({ claims: { aud: "https://elsewhere.test" } }, "wrong_audience"),
    token({ claims: { cnf: { jkt: "x" } } }, "sender_constrained"),
    { who: "ann", path: "/api/{{ben.id}}/tasks", expect: { code: "wrong_subject" } },
    { who: "ann", path: "/api/v1/admin/users", expect: { code: "insufficient_scope" } },
    {
      who: "ann",
      method: "POST",
      path: tasks,
      headers: { "Content-Type": "application/json" },
      body: "{",
      expect: { code: "malformed_body" },
    },
    { who: "ann", path: `${tasks}/999999999`, expect: { code: "not_found" } },
    { who: "ann", method: "DELETE", path: tasks, expect: { code: "method_not_allowed" } },
    {
      who: "ann",
      method: "DELETE",
      path: task,
      headers: { "If-Match": '"9"' },
      expect: { code: "precondition_failed" },
    },
    { who: "ann", method: "POST", path: tasks, body: "{{x*65537}}", expect: { code: "body_too_large" } },
    { who: "ann", method: "POST", path: tasks, body: "{}", expect: { code: "unsupported_media_type" } },
    { who: "ann", method: "POST", path: tasks, json: {}, expect: { code: "validation_failed" } },
  ];
  for (const ask of asks) await run.ask(ask);
}
