import { type OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi";
import type { Context, Handler, MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import { errorTable } from "watchword";
import { ApiProblem, violationCodes } from "./api-problem.ts";
import type { ApiEnvironment } from "./environment.ts";

/** An application whose routes also write the OpenAPI document. */
export type Api = OpenAPIHono<ApiEnvironment>;

const methodOrder = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/**
 * Adds an operation to the document and to the router. Its input is read by its handler, step by step, because the
 * contract fixes the order in which faults are found.
 */
export function addOperation(
  api: Api,
  operation: RouteConfig,
  before: readonly MiddlewareHandler[],
  handler: Handler<ApiEnvironment>,
): void {
  api.openAPIRegistry.registerPath(operation);
  api.on([operation.method.toUpperCase()], [routerPathOf(operation.path)], ...before, handler);
}

function routerPathOf(template: string): string {
  return template.replaceAll(/\{(\w+)\}/g, ":$1");
}

/** Answers 405 with `Allow` on every known path. Called once, after all operations have been added. */
export function refuseOtherMethods(api: Api): void {
  const paths = new Set(api.routes.filter(({ method }) => method !== "ALL").map(({ path }) => path));
  for (const path of paths) refuseOtherMethodsOn(api, path);
}

/** The same at once for one path whose template is matched by a later one, too. */
export function refuseOtherMethodsOf(api: Api, template: string): void {
  refuseOtherMethodsOn(api, routerPathOf(template));
}

function refuseOtherMethodsOn(api: Api, path: string): void {
  const methods = new Set(api.routes.filter((route) => route.path === path).map(({ method }) => method));
  if (methods.has("GET")) methods.add("HEAD");
  const Allow = methodOrder.filter((method) => methods.has(method)).join(", ");
  api.all(path, () => {
    throw new ApiProblem("method_not_allowed", { headers: { Allow } });
  });
}

/** The route as it is written in the document, such as `/api/{user_id}/tasks`; never the URL. */
export function routeTemplateOf(c: Context<ApiEnvironment>): string | undefined {
  const route = matchedRoutes(c).find(({ path }) => path !== "/*");
  return route?.path.replaceAll(/:(\w+)/g, "{$1}");
}

const refusalCodes = (Object.keys(errorTable) as (keyof typeof errorTable)[]).filter(
  (code) => errorTable[code].status !== null,
);

const ProblemError = z
  .object({
    in: z.enum(["body", "query", "path", "header"]),
    pointer: z.string(),
    code: z.enum(violationCodes),
  })
  .openapi("ProblemError");

const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(refusalCodes),
    errors: z.array(ProblemError).optional(),
  })
  .openapi("Problem");

const problemDescriptions = {
  400: "Bad request",
  401: "Not authenticated",
  403: "Access denied",
  404: "Not found",
  412: "Precondition failed",
  413: "Body too large",
  415: "Unsupported media type",
  422: "Validation failed",
  429: "Too many requests",
  503: "Unavailable",
} as const;

/** The responses of an operation for these refusals. */
export function problems(...statuses: (keyof typeof problemDescriptions)[]): RouteConfig["responses"] {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: problemDescriptions[status],
        content: { "application/problem+json": { schema: Problem } },
      },
    ]),
  );
}

/** A JSON response with the schema's body; `headers` names the text fields it also carries. */
export function jsonResponse(description: string, schema: z.ZodType, headers: readonly string[] = []) {
  const fields = Object.fromEntries(headers.map((name) => [name, { schema: { type: "string" as const } }]));
  return {
    description,
    content: { "application/json": { schema } },
    ...(headers.length === 0 ? {} : { headers: fields }),
  };
}

/** A request body of type application/json. */
export function jsonBody(schema: z.ZodType, required = true) {
  return { required, content: { "application/json": { schema } } };
}
