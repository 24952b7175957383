import { z } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import type { Clock, Identity } from "watchword";
import type { Database } from "../database/open.ts";
import { ApiProblem } from "../http/api-problem.ts";
import { readJson } from "../http/body.ts";
import type { ApiEnvironment } from "../http/environment.ts";
import { type Api, addOperation, jsonBody, jsonResponse, problems } from "../http/operations.ts";
import { validateBody, validateQuery } from "../http/violations.ts";
import { type ChangeablePosts, changeablePostsIn, type VisiblePosts, visiblePostsIn } from "./repository.ts";
import { Post, PostCreate, PostList, PostQuery, PostUpdate } from "./schemas.ts";

const collection = "/api/v1/posts";
const single = "/api/v1/posts/{post_id}";
const postPath = z.object({ post_id: z.int().min(1).max(999_999_999) });
const onePost = jsonResponse("The post", Post);
const forAnyone = { tags: ["posts"], security: [{}, { bearerAuth: [] }] };
const forCaller = { tags: ["posts"], security: [{ bearerAuth: [] }] };

export interface PostRoutesOptions {
  database: Database;
  clock: Clock;
  /** The step that authenticates the caller. */
  caller: MiddlewareHandler;
  /** The step that lets requests without a credential through; `identity` is `null` then. */
  anyone: MiddlewareHandler;
}

/** Posts: public ones are for everybody, private ones for their owner, and changes for their owner alone. */
export function addPostRoutes(api: Api, { database, clock, caller, anyone }: PostRoutesOptions): void {
  addOperation(
    api,
    {
      ...forAnyone,
      method: "get",
      path: collection,
      operationId: "listPosts",
      request: { query: PostQuery },
      responses: {
        200: jsonResponse("Public posts and the caller's own", PostList),
        ...problems(400, 401, 422, 429, 503),
      },
    },
    [anyone],
    async (c) => {
      const query = validateQuery(PostQuery, c.req.url);
      return reading(c, async (posts) => c.json(await posts.list(query)));
    },
  );

  addOperation(
    api,
    {
      ...forCaller,
      method: "post",
      path: collection,
      operationId: "createPost",
      request: { body: jsonBody(PostCreate) },
      responses: {
        201: jsonResponse("The new post", Post),
        ...problems(400, 401, 413, 415, 422, 429, 503),
      },
    },
    [caller],
    async (c) => {
      const values = validateBody(PostCreate, await readJson(c));
      return changing(c, async (posts) => c.json(await posts.create(values), 201));
    },
  );

  addOperation(
    api,
    {
      ...forAnyone,
      method: "get",
      path: single,
      operationId: "getPost",
      request: { params: postPath },
      responses: { 200: onePost, ...problems(400, 401, 404, 429, 503) },
    },
    [anyone],
    (c) => reading(c, async (posts) => c.json(await requirePost(posts, c))),
  );

  for (const [method, operationId] of [
    ["put", "putPost"],
    ["patch", "updatePost"],
  ] as const) {
    addOperation(
      api,
      {
        ...forCaller,
        method,
        path: single,
        operationId,
        request: { params: postPath, body: jsonBody(PostUpdate) },
        responses: { 200: onePost, ...problems(400, 401, 403, 404, 413, 415, 422, 429, 503) },
      },
      [caller],
      async (c) => {
        const body = await readJson(c);
        return changing(c, async (posts) => {
          const post = await requireOwnPost(posts, c);
          const values = validateBody(PostUpdate, body);
          const nothingSent = Object.keys(values).length === 0;
          return c.json(nothingSent ? post : await posts.change(post.id, values));
        });
      },
    );
  }

  addOperation(
    api,
    {
      ...forCaller,
      method: "delete",
      path: single,
      operationId: "deletePost",
      request: { params: postPath },
      responses: { 204: { description: "Deleted" }, ...problems(400, 401, 403, 404, 429, 503) },
    },
    [caller],
    (c) =>
      changing(c, async (posts) => {
        const post = await requireOwnPost(posts, c);
        await posts.remove(post.id);
        return c.body(null, 204);
      }),
  );

  function reading(
    c: Context<ApiEnvironment>,
    work: (posts: VisiblePosts) => Promise<Response>,
  ): Promise<Response> {
    const reader = readerOf(c);
    return reader === null
      ? database.owned.readingAsAnyone((any) => work(visiblePostsIn(any)))
      : database.owned.reading(reader.userId, (mine) => work(visiblePostsIn(mine)));
  }

  function changing(
    c: Context<ApiEnvironment>,
    work: (posts: ChangeablePosts) => Promise<Response>,
  ): Promise<Response> {
    return database.owned.writing(c.get("identity").userId, (mine) => work(changeablePostsIn(mine, clock)));
  }
}

/** The caller, or `null` for a request without a credential. */
function readerOf(c: Context<ApiEnvironment>): Identity | null {
  return c.get("identity");
}

/** The post that the URL names, if the reader may see it; a malformed id, a missing and a hidden post are the same 404. */
async function requirePost(posts: VisiblePosts, c: Context<ApiEnvironment>): Promise<Post> {
  const id = c.req.param("post_id") ?? "";
  const post = /^[0-9]{1,9}$/.test(id) ? await posts.find(Number(id)) : undefined;
  if (post === undefined) throw new ApiProblem("not_found");
  return post;
}

/** A post that can be seen and is another's may not be changed. */
async function requireOwnPost(posts: VisiblePosts, c: Context<ApiEnvironment>): Promise<Post> {
  const post = await requirePost(posts, c);
  if (post.user_id !== c.get("identity").userId) throw new ApiProblem("wrong_subject");
  return post;
}
