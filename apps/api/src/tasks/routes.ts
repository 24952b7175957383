import { z } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import type { Clock } from "watchword";
import type { Database } from "../database/open.ts";
import { ApiProblem } from "../http/api-problem.ts";
import { readJson, readOptionalJson } from "../http/body.ts";
import type { ApiEnvironment } from "../http/environment.ts";
import { type Api, addOperation, jsonBody, jsonResponse, problems } from "../http/operations.ts";
import { entityTagOf, requireMatch } from "../http/precondition.ts";
import { validateBody, validateQuery } from "../http/violations.ts";
import { type ChangeableTasks, changeableTasksIn, type OwnedTasks, tasksIn } from "./repository.ts";
import { Task, TaskCompletion, TaskCreate, TaskList, TaskQuery, TaskUpdate } from "./schemas.ts";
import type { TaskWatchers } from "./watchers.ts";

const ownerPath = z.object({ user_id: z.string() });
const taskPath = ownerPath.extend({ task_id: z.int().min(1).max(999_999_999) });
const ifMatch = z.object({ "If-Match": z.string().optional() });
const oneTask = jsonResponse("The task", Task, ["ETag"]);
const base = { tags: ["tasks"], security: [{ bearerAuth: [] }] };

export interface TaskRoutesOptions {
  database: Database;
  clock: Clock;
  /** Who is told of changes. */
  watchers: TaskWatchers;
  /** Steps before each operation: they authenticate the caller and compare the URL's user with it. */
  owner: MiddlewareHandler[];
}

/** The tasks of one user. Each handler reads in the contract's order of decision: body, row, members, precondition. */
export function addTaskRoutes(api: Api, { database, clock, watchers, owner }: TaskRoutesOptions): void {
  addOperation(
    api,
    {
      ...base,
      method: "get",
      path: "/api/{user_id}/tasks",
      operationId: "listTasks",
      request: { params: ownerPath, query: TaskQuery },
      responses: {
        200: jsonResponse("The tasks of the user", TaskList),
        ...problems(400, 401, 403, 422, 429, 503),
      },
    },
    owner,
    async (c) => {
      const query = validateQuery(TaskQuery, c.req.url);
      return c.json(await database.owned.reading(ownerOf(c), (mine) => tasksIn(mine).list(query)));
    },
  );

  addOperation(
    api,
    {
      ...base,
      method: "post",
      path: "/api/{user_id}/tasks",
      operationId: "createTask",
      request: { params: ownerPath, body: jsonBody(TaskCreate) },
      responses: {
        201: jsonResponse("The new task", Task, ["ETag"]),
        ...problems(400, 401, 403, 413, 415, 422, 429, 503),
      },
    },
    owner,
    async (c) => {
      const body = await readJson(c);
      const values = validateBody(TaskCreate, body);
      return changing(c, async (tasks) => answer(c, await tasks.create(values), 201));
    },
  );

  addOperation(
    api,
    {
      ...base,
      method: "get",
      path: "/api/{user_id}/tasks/{task_id}",
      operationId: "getTask",
      request: { params: taskPath },
      responses: { 200: oneTask, ...problems(400, 401, 403, 404, 429, 503) },
    },
    owner,
    async (c) => {
      const task = await database.owned.reading(ownerOf(c), (mine) => requireTask(tasksIn(mine), c));
      return answer(c, task);
    },
  );

  // Clients of other APIs send a part of the row with PUT as often as with PATCH: both change what is sent.
  for (const [method, operationId] of [
    ["put", "putTask"],
    ["patch", "updateTask"],
  ] as const) {
    addOperation(
      api,
      {
        ...base,
        method,
        path: "/api/{user_id}/tasks/{task_id}",
        operationId,
        request: { params: taskPath, headers: ifMatch, body: jsonBody(TaskUpdate) },
        responses: { 200: oneTask, ...problems(400, 401, 403, 404, 412, 413, 415, 422, 429, 503) },
      },
      owner,
      async (c) => {
        const body = await readJson(c);
        return changing(c, async (tasks) => {
          const task = await requireTask(tasks, c);
          const values = validateBody(TaskUpdate, body);
          requireMatch(c.req.header("If-Match"), task.version);
          const nothingSent = Object.keys(values).length === 0;
          return answer(c, nothingSent ? task : await tasks.change(task.id, values));
        });
      },
    );
  }

  addOperation(
    api,
    {
      ...base,
      method: "delete",
      path: "/api/{user_id}/tasks/{task_id}",
      operationId: "deleteTask",
      request: { params: taskPath, headers: ifMatch },
      responses: { 204: { description: "Deleted" }, ...problems(400, 401, 403, 404, 412, 429, 503) },
    },
    owner,
    async (c) =>
      changing(c, async (tasks) => {
        const task = await requireTask(tasks, c);
        requireMatch(c.req.header("If-Match"), task.version);
        await tasks.remove(task.id);
        return c.body(null, 204);
      }),
  );

  addOperation(
    api,
    {
      ...base,
      method: "patch",
      path: "/api/{user_id}/tasks/{task_id}/complete",
      operationId: "completeTask",
      request: { params: taskPath, headers: ifMatch, body: jsonBody(TaskCompletion, false) },
      responses: { 200: oneTask, ...problems(400, 401, 403, 404, 412, 413, 415, 422, 429, 503) },
    },
    owner,
    async (c) => {
      const body = await readOptionalJson(c);
      return changing(c, async (tasks) => {
        const task = await requireTask(tasks, c);
        const { completed = !task.completed } = validateBody(TaskCompletion, body);
        requireMatch(c.req.header("If-Match"), task.version);
        return answer(c, await tasks.change(task.id, { completed }));
      });
    },
  );

  /** Reads and writes of one request happen together or not at all; afterwards whoever listens is told. */
  async function changing(
    c: Context<ApiEnvironment>,
    work: (tasks: ChangeableTasks) => Promise<Response>,
  ): Promise<Response> {
    const owner = ownerOf(c);
    const response = await database.owned.writing(owner, (mine) => work(changeableTasksIn(mine, clock)));
    watchers.wake(owner);
    return response;
  }
}

/** The owner of every row a request may touch is the token's `sub`, whatever else was sent. */
function ownerOf(c: Context<ApiEnvironment>): string {
  return c.get("identity").userId;
}

/** The row that the URL names, inside the owner's rows; a malformed id, a missing and a foreign row are the same 404. */
async function requireTask(tasks: OwnedTasks, c: Context<ApiEnvironment>): Promise<Task> {
  const id = c.req.param("task_id") ?? "";
  const task = /^[0-9]{1,9}$/.test(id) ? await tasks.find(Number(id)) : undefined;
  if (task === undefined) throw new ApiProblem("not_found");
  return task;
}

function answer(c: Context<ApiEnvironment>, task: Task, status: 200 | 201 = 200): Response {
  return c.json(task, status, { ETag: entityTagOf(task.version) });
}
