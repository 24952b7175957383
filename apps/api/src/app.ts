import { OpenAPIHono } from "@hono/zod-openapi";
import { type Clock, type RevocationFeed, systemClock, type Verifier } from "countersign";
import { authenticate, requireSelf } from "countersign/hono";
import type { MiddlewareHandler } from "hono";
import { type Logger, pino } from "pino";
import type { Database } from "./database/open.ts";
import { answerHeaders } from "./http/answer-headers.ts";
import { ApiProblem } from "./http/api-problem.ts";
import { cors } from "./http/cors.ts";
import { type ApiEnvironment, serverBindings } from "./http/environment.ts";
import { type Api, refuseOtherMethods } from "./http/operations.ts";
import { answerProblem, problemAnswers } from "./http/problem-answers.ts";
import { FailureLimit } from "./http/rate-limit.ts";
import { requestLog } from "./http/request-log.ts";
import { addProfileRoutes } from "./profile/routes.ts";
import { addDocumentRoutes } from "./service/docs.ts";
import { addHealthRoutes } from "./service/health.ts";
import { addTaskRoutes } from "./tasks/routes.ts";

export interface AppOptions {
  verifier: Verifier;
  database: Database;
  /** The feed that the verifier asks; absent where it asks none. */
  revocation?: Pick<RevocationFeed, "status"> | undefined;
  /** Origins whose pages may call the API, compared as exact text. */
  corsOrigins: readonly string[];
  /** Failed credentials per address and minute before such failures are answered 429. */
  authFailuresPerMinute: number;
  clock?: Clock;
  logger?: Logger;
}

/** The whole API, without a server: the road of a request from top to bottom. */
export function createApp(options: AppOptions): Api {
  const { verifier, database, revocation, corsOrigins, authFailuresPerMinute } = options;
  const { clock = systemClock, logger = pino({ level: "silent" }) } = options;
  const api: Api = new OpenAPIHono<ApiEnvironment>();

  api.use(requestLog(logger, clock), answerHeaders, cors(corsOrigins), async (c, next) => {
    const { refusedAs } = serverBindings(c);
    if (refusedAs !== undefined) throw new ApiProblem(refusedAs);
    await next();
  });
  api.onError(problemAnswers({ logger, failures: new FailureLimit(authFailuresPerMinute, clock) }));
  api.notFound((c) => answerProblem(new ApiProblem("not_found"), c));

  const caller: MiddlewareHandler = authenticate(verifier);
  addTaskRoutes(api, { database, clock, owner: [caller, requireSelf("user_id")] });
  addProfileRoutes(api, { database, clock, caller });
  addHealthRoutes(api, database, revocation);
  addDocumentRoutes(api);
  refuseOtherMethods(api);
  return api;
}
