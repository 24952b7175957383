import { Hono } from "hono";
import {
  authenticate,
  ConfigurationError,
  requireRole,
  requireScope,
  requireSelf,
  toProblem,
  WatchwordError,
} from "watchword";
import {
  authenticate as authenticated,
  optionalUser,
  requireRole as roleGuard,
  requireScope as scopeGuard,
  requireSelf as selfGuard,
} from "watchword/hono";
import { configOf, createVerifierOf } from "./configuration.mjs";
import { tokenOf } from "./token-builder.mjs";
import { CannotRun, codeOf, compare } from "./verdict.mjs";

/** Where a case says nothing of the request: the credential as it should be sent. */
const plainRequest = { path: "/api/user_a/tasks", headers: [["Authorization", "Bearer {token}"]] };

/**
 * A request is judged twice: by the steps that every adapter is made of, and by the Hono adapter from the raw headers
 * that Node hands over. Both must give the expected verdict and the expected HTTP form.
 */
export async function runHttp(one, common) {
  const config = configOf(one.config, common);
  const token = one.build === undefined && one.token === undefined ? "" : tokenOf(one, common);
  const request = filledIn(one.request ?? plainRequest, token);
  const verifier = createVerifierOf(config, common);
  const expect = { ...one.expect, subject: one.expect.subject ?? one.expect_subject };
  const needed = needs(config);
  const bySteps = await steps(verifier, needed, request);
  // A guard that cannot be right stops the start: then there is no route to ask.
  const byHono = bySteps.code === "misconfigured" ? bySteps : await hono(verifier, needed, request);
  return (
    compare(expect, bySteps) ??
    (bySteps.code === expect.reason ? compareForm(expect.http, bySteps.http, "") : undefined) ??
    compareHono(expect, bySteps, byHono)
  );
}

function filledIn(
  {
    method = "GET",
    path,
    path_template: template = "/api/{user_id}/tasks",
    user_id_segment: segment,
    headers = [],
  },
  token,
) {
  const values = headers.map(([name, value]) => [name, value.replaceAll("{token}", () => token)]);
  return {
    method,
    segment,
    // Without a user in its path a case says nothing about the route.
    route: segment === undefined ? "*" : template.replace("{user_id}", ":user_id"),
    path: (path ?? template).replaceAll("{user_id}", () => segment).replaceAll("{token}", () => token),
    headers: values,
  };
}

/** What a route needs, by the configuration; one name may stand alone. */
function needs({ auth = "required", require_scope: scopes, require_role: roles }) {
  if (!["required", "optional"].includes(auth)) throw new CannotRun(`unknown authentication ${auth}`);
  const listed = (names) => (names === undefined || names === null ? undefined : [names].flat());
  return { auth, scopes: listed(scopes), roles: listed(roles) };
}

async function steps(verifier, { auth, scopes, roles }, request) {
  try {
    const authorization = request.headers
      .filter(([name]) => name.toLowerCase() === "authorization")
      .map(([, value]) => value);
    const identity = await authenticate(verifier, authorization, auth);
    if (request.segment !== undefined) requireSelf(identity, decoded(request.segment));
    if (scopes !== undefined) requireScope(identity, ...scopes);
    if (roles !== undefined) requireRole(identity, ...roles);
    return { identity };
  } catch (error) {
    if (error instanceof ConfigurationError) return { code: codeOf(error) };
    if (!(error instanceof WatchwordError)) throw error;
    const { status, headers } = toProblem(error);
    return { code: codeOf(error), http: { status, error: errorOf(headers["WWW-Authenticate"]) } };
  }
}

/** The path as it is sent is percent-encoded, and decoded exactly once. */
function decoded(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

async function hono(verifier, { auth, scopes, roles }, request) {
  const app = new Hono();
  const guards = [
    (auth === "optional" ? optionalUser : authenticated)(verifier),
    ...(request.segment === undefined ? [] : [selfGuard("user_id")]),
    ...(scopes === undefined ? [] : [scopeGuard(...scopes)]),
    ...(roles === undefined ? [] : [roleGuard(...roles)]),
  ];
  app.all(request.route, ...guards, (c) => c.json({ userId: c.get("identity")?.userId ?? null }));
  const url = `https://api.example.test${encodeURI(request.path).replaceAll("%25", "%")}`;
  // Node shows header bytes as Latin-1.
  const rawHeaders = request.headers.flatMap(([name, value]) => [
    name,
    Buffer.from(value, "utf8").toString("latin1"),
  ]);
  const answer = await app.fetch(new Request(url, { method: request.method }), { incoming: { rawHeaders } });
  const body = await answer.json().catch(() => ({}));
  if (answer.status === 200) return { identity: body.userId === null ? null : body };
  const http = { status: answer.status, error: errorOf(answer.headers.get("www-authenticate")) };
  return { code: body.code ?? `status ${answer.status}`, http };
}

function errorOf(challenge) {
  return /error="([^"]*)"/.exec(challenge ?? "")?.[1] ?? null;
}

function compareForm(expected, got, where) {
  if (expected === undefined || got === undefined) return undefined;
  const form = ({ status, error }) => `${where}${status}/${error ?? "none"}`;
  return form(expected) === form(got) ? undefined : { expected: form(expected), got: form(got) };
}

/** The adapter gives what the steps give; a router may refuse a segment that names nobody. */
function compareHono(expect, bySteps, byHono) {
  if (bySteps.code === "wrong_subject" && byHono.http?.status === 404) return undefined;
  const mismatch = compare(expect, byHono);
  if (mismatch !== undefined) return { expected: mismatch.expected, got: `hono:${mismatch.got}` };
  if (bySteps.code !== byHono.code) return { expected: bySteps.code, got: `hono:${byHono.code}` };
  return compareForm(bySteps.http, byHono.http, "hono:");
}
