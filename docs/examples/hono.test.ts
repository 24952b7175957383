import assert from "node:assert/strict";
import { test } from "node:test";
import { createAuthFetch } from "watchword/client";
import { mintToken } from "watchword/testing";

const secret = "kR2vB7xQ9mW4tY8uZ1pL6nD3sF5gH0jC";
Object.assign(process.env, {
  BETTER_AUTH_SECRET: secret,
  BETTER_AUTH_URL: "http://localhost:3000",
  API_AUDIENCE: "http://localhost:8000",
});
const { app } = await import("./hono.ts");

const statusOf = async (path: string, claims?: object) => {
  const headers = new Headers();
  if (claims) headers.set("authorization", `Bearer ${mintToken({ secret, ...claims })}`);
  return (await app.request(path, { headers })).status;
};

test("only a user's own valid token opens a user's tasks", async () => {
  assert.equal(await statusOf("/api/ada/tasks"), 401);
  assert.equal(await statusOf("/api/ada/tasks", { sub: "bob" }), 403);
  assert.equal(await statusOf("/api/ada/tasks", { sub: "ada", exp: 1 }), 401);
  assert.equal(await statusOf("/api/ada/tasks", { sub: "ada" }), 200);
});

test("the client sends the token, and needs no server", async () => {
  const authFetch = createAuthFetch({
    apiOrigin: "http://localhost:8000",
    getToken: async () => ({ token: mintToken({ secret, sub: "ada" }), expiresIn: 900 }),
    fetch: async (input, init) => app.request(input instanceof URL ? input.href : input, init),
  });
  const response = await authFetch("http://localhost:8000/api/ada/tasks");
  assert.deepEqual(await response.json(), { owner: "ada" });
});
