import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";

const page = new URL("http://localhost:3000/tasks");
const token = (jti) => `h.${Buffer.from(JSON.stringify({ sub: "ada", jti })).toString("base64url")}.s`;

/** What the API answers next, and what it was asked: address and token. */
let answers = [];
const asked = [];
let tokens = 0;

vi.stubGlobal("location", page);
vi.stubGlobal("fetch", async (input, init) => {
  const request = new Request(input, init);
  if (new URL(request.url).origin === page.origin) {
    tokens += 1;
    return Response.json({ token: token(tokens), expiresIn: 900 });
  }
  asked.push([new URL(request.url).pathname, request.headers.get("authorization") !== null]);
  return answers.shift()();
});
afterAll(() => vi.unstubAllGlobals());
// A token fetched after a refusal is not replaced again for ten seconds.
beforeEach(() => {
  authFetch.clear();
  asked.splice(0);
});

const { authFetch } = await import("../../docs/examples/auth-client.ts");
const { honoClient, kyClient, openapiClient, trpcClient } = await import(
  "../../docs/examples/fetch-clients.ts"
);

const found = () => Response.json({ id: "7" });
const refusal = (status, code) => () =>
  new Response(JSON.stringify({ status, code }), {
    status,
    headers: { "content-type": "application/problem+json" },
  });

/** How each client asks for one task, and what it makes of a 404. */
const clients = {
  "hono/client": {
    ask: async () => (await honoClient.tasks[":id"].$get({ param: { id: "7" } })).json(),
    code: async () => {
      const response = await honoClient.tasks[":id"].$get({ param: { id: "7" } });
      return [response.status, (await response.json()).code];
    },
  },
  "openapi-fetch": {
    ask: async () => (await openapiClient.GET("/tasks/{id}", { params: { path: { id: "7" } } })).data,
    code: async () => {
      const { error, response } = await openapiClient.GET("/tasks/{id}", { params: { path: { id: "7" } } });
      return [response.status, error.code];
    },
  },
  ky: {
    ask: () => kyClient.get("tasks/7").json(),
    code: async () => {
      const error = await kyClient.get("tasks/7").catch((caught) => caught);
      return [error.response.status, error.data.code];
    },
  },
};

describe.each(Object.entries(clients))("%s over authFetch", (_, { ask, code }) => {
  it("carries the token", async () => {
    answers = [found];
    expect(await ask()).toEqual({ id: "7" });
    expect(asked).toEqual([["/tasks/7", true]]);
  });

  it("is given a 404 with its code, and asks once", async () => {
    answers = [refusal(404, "not_found")];
    expect(await code()).toEqual([404, "not_found"]);
    expect(asked).toEqual([["/tasks/7", true]]);
  });

  it("sees nothing of a 401 that a new token cures", async () => {
    answers = [refusal(401, "expired"), found];
    expect(await ask()).toEqual({ id: "7" });
    expect(asked).toHaveLength(2);
  });
});

describe("tRPC over authFetch", () => {
  it("carries the token", async () => {
    answers = [() => Response.json([{ result: { data: { name: "Ada" } } }])];
    expect(await trpcClient.me.query()).toEqual({ name: "Ada" });
    expect(asked).toEqual([["/trpc/me", true]]);
  });

  it("is given the code of a refusal, and asks once", async () => {
    const data = { code: "NOT_FOUND", httpStatus: 404 };
    answers = [() => Response.json([{ error: { code: -32004, message: "No task", data } }], { status: 404 })];
    await expect(trpcClient.me.query()).rejects.toMatchObject({ data: { code: "NOT_FOUND" } });
    expect(asked).toEqual([["/trpc/me", true]]);
  });
});

it("authFetch itself gives a refusal back as it came", async () => {
  answers = [refusal(409, "conflict")];
  const response = await authFetch("http://localhost:8000/tasks");
  expect([response.status, await response.json()]).toEqual([409, { status: 409, code: "conflict" }]);
});
