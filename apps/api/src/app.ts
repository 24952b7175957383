import { OpenAPIHono } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { type Clock, type RevocationFeed, systemClock, type Verifier } from "watchword";
import { authenticate, optionalUser, requireRole, requireSelf } from "watchword/hono";
import { addAdminRoutes } from "./admin/routes.ts";
import type { AskModel } from "./chat/model.ts";
import { addChatRoutes } from "./chat/routes.ts";
import type { Database } from "./database/open.ts";
import { answerHeaders } from "./http/answer-headers.ts";
import { ApiProblem } from "./http/api-problem.ts";
import { cors } from "./http/cors.ts";
import { type ApiEnvironment, serverBindings } from "./http/environment.ts";
import { type Api, refuseOtherMethods } from "./http/operations.ts";
import { answerProblem, problemAnswers } from "./http/problem-answers.ts";
import { FailureLimit } from "./http/rate-limit.ts";
import { requestLog } from "./http/request-log.ts";
import { showingVerification } from "./http/verification-timing.ts";
import { type Log, silentLog } from "./log.ts";
import { addPostRoutes } from "./posts/routes.ts";
import { addProfileRoutes } from "./profile/routes.ts";
import { addDocumentRoutes } from "./service/docs.ts";
import { addHealthRoutes } from "./service/health.ts";
import { addEventRoutes } from "./tasks/event-routes.ts";
import { addTaskRoutes } from "./tasks/routes.ts";
import type { TaskWatchers } from "./tasks/watchers.ts";

export interface AppOptions {
  verifier: Verifier;
  database: Database;
  /** Who listens to tasks. */
  watchers: TaskWatchers;
  /** The feed that the verifier asks; absent where it asks none. */
  revocation?: Pick<RevocationFeed, "status"> | undefined;
  /** Origins whose pages may call the API, compared as exact text. */
  corsOrigins: readonly string[];
  /** Failed credentials per address and minute before such failures are answered 429. */
  authFailuresPerMinute: number;
  /** Whether answers tell accepted callers how their token was verified; they do not unless said otherwise. */
  showVerification?: boolean;
  /** The language model of the assistant; without one its own rules answer. */
  askModel?: AskModel | null;
  clock?: Clock;
  log?: Log;
}

/** The whole API, without a server: the road of a request from top to bottom. */
export function createApp(options: AppOptions): Api {
  const { verifier, database, watchers, revocation, corsOrigins, authFailuresPerMinute } = options;
  const { showVerification = false, askModel = null, clock = systemClock, log = silentLog } = options;
  const api: Api = new OpenAPIHono<ApiEnvironment>();

  api.use(requestLog(log, clock), answerHeaders, cors(corsOrigins), async (c, next) => {
    const { refusedAs } = serverBindings(c);
    if (refusedAs !== undefined) throw new ApiProblem(refusedAs);
    await next();
  });
  api.onError(problemAnswers({ log, failures: new FailureLimit(authFailuresPerMinute, clock) }));
  api.notFound((c) => answerProblem(new ApiProblem("not_found"), c));

  const admit = (step: (verifier: Verifier) => MiddlewareHandler) =>
    showVerification ? showingVerification(step, verifier) : step(verifier);
  const caller = admit(authenticate);
  const owner: MiddlewareHandler[] = [caller, requireSelf("user_id")];
  addEventRoutes(api, { watchers, owner });
  addTaskRoutes(api, { database, clock, watchers, owner });
  addChatRoutes(api, { database, clock, watchers, log, owner, askModel });
  addPostRoutes(api, { database, clock, caller, anyone: admit(optionalUser) });
  addProfileRoutes(api, { database, clock, caller });
  addAdminRoutes(api, { database, log, admin: [caller, requireRole("admin")] });
  addHealthRoutes(api, database, revocation);
  addDocumentRoutes(api);
  refuseOtherMethods(api);
  return api;
}
