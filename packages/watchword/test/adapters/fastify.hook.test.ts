import fastify, { type FastifyInstance } from "fastify";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  authenticate,
  identityOf,
  optionalUser,
  refuse,
  requireRole,
  requireScope,
  requireSelf,
} from "../../src/adapters/fastify.ts";
import { ConfigurationError, WatchwordError } from "../../src/errors.ts";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import type { Identity } from "../../src/token/identity.ts";
import { tokenFor, verifier, verifierOptions } from "./adapter-suite.ts";

function ask(app: FastifyInstance, url: string, token?: string) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return app.inject({ url, headers });
}

describe("identityOf", () => {
  const planVerifier = createVerifier({ ...verifierOptions, claims: z.object({ plan: z.string() }) });

  test("has the claims of the verifier's schema", async () => {
    const app = fastify();
    app.get("/", { onRequest: authenticate(planVerifier) }, (request) => {
      expectTypeOf(identityOf(request)).toEqualTypeOf<Identity<unknown>>();
      expectTypeOf(identityOf(request, planVerifier)).toEqualTypeOf<Identity<{ plan: string }>>();
      return { plan: identityOf(request, planVerifier).claims.plan };
    });
    expect((await ask(app, "/", tokenFor({ claims: { plan: "gold" } }))).json()).toEqual({ plan: "gold" });
  });

  test("refuses a request that nobody, or another verifier, has authenticated", async () => {
    const app = fastify();
    app.get("/open", (request) => identityOf(request));
    app.get("/other", { onRequest: authenticate(verifier) }, (request) => identityOf(request, planVerifier));
    app.get("/anonymous", { onRequest: optionalUser(verifier) }, (request) => identityOf(request));
    for (const path of ["/open", "/other", "/anonymous"]) {
      const answer = await ask(app, path, path === "/other" ? tokenFor() : undefined);
      expect([answer.statusCode, answer.json().code]).toEqual([401, "missing"]);
    }
  });
});

describe("the hooks", () => {
  test.each([
    ["requireSelf", requireSelf("user_id")],
    ["requireScope", requireScope("tasks:read")],
    ["requireRole", requireRole("admin")],
  ])("%s lets nobody through without authenticate before it", async (_name, onRequest) => {
    const app = fastify();
    app.get("/:user_id", { onRequest }, () => "in");
    expect((await ask(app, "/user_a", tokenFor())).json()).toMatchObject({ code: "missing" });
  });

  test("of requireSelf, a parameter that the route does not have is told by its name", async () => {
    const app = fastify();
    const told: string[] = [];
    app.setErrorHandler((error: Error, _request, reply) => {
      told.push(error.message);
      return reply.code(500).send("Mistake");
    });
    app.get("/:userId", { onRequest: [authenticate(verifier), requireSelf("user_id")] }, () => "in");
    expect((await ask(app, "/user_a", tokenFor())).statusCode).toBe(500);
    expect(told).toEqual([expect.stringContaining("no parameter named user_id")]);
  });

  test("protect a whole scope in one line, and nothing outside it", async () => {
    const app = fastify();
    app.get("/health", () => "ok");
    app.register(
      async (scope) => {
        scope.addHook("onRequest", authenticate(verifier)).addHook("onRequest", requireSelf("user_id"));
        scope.get("/tasks", (request) => ({ owner: identityOf(request).userId }));
      },
      { prefix: "/api/:user_id" },
    );
    expect((await ask(app, "/health")).body).toBe("ok");
    expect((await ask(app, "/api/user_a/tasks")).json()).toMatchObject({ code: "missing" });
    expect((await ask(app, "/api/user_b/tasks", tokenFor())).json()).toMatchObject({ code: "wrong_subject" });
    expect((await ask(app, "/api/user_a/tasks", tokenFor())).json()).toEqual({ owner: "user_a" });
  });

  test("refuse before the body is read", async () => {
    const app = fastify();
    app.post("/", { onRequest: authenticate(verifier) }, () => "in");
    const answer = await app.inject({
      method: "POST",
      url: "/",
      headers: { "content-type": "application/json" },
      payload: "{",
    });
    expect(answer.json()).toMatchObject({ code: "missing" });
  });

  test("an error handler of the application cannot lose the challenge", async () => {
    const app = fastify();
    app.setErrorHandler((_error, _request, reply) => reply.code(500).send("own"));
    app.get("/", { onRequest: authenticate(verifier) }, () => "in");
    const answer = await ask(app, "/");
    expect([answer.statusCode, answer.headers["www-authenticate"]]).toEqual([401, "Bearer"]);
  });

  test.each([
    ["an error", new RangeError("broken"), "RangeError"],
    ["no error at all", "broken", "Error"],
  ])("a fault of the verifier's own reaches the error handler: %s", async (_name, fault, expected) => {
    const app = fastify();
    app.setErrorHandler((error: Error, _request, reply) => reply.code(500).send(error.name));
    app.get("/", { onRequest: authenticate({ verify: () => Promise.reject(fault) }) }, () => "in");
    expect((await ask(app, "/", tokenFor())).body).toBe(expected);
  });

  test("a verifier that has to wait is waited for", async () => {
    const app = fastify();
    const slow = { verify: async (token: string) => verifier.verify(token) };
    app.get("/", { onRequest: authenticate(slow) }, (request) => identityOf(request).userId);
    expect((await ask(app, "/", tokenFor())).body).toBe("user_a");
    expect((await ask(app, "/", "x.y.z")).json()).toMatchObject({ code: "malformed" });
  });

  test("a handler may say how its answer is stored", async () => {
    const app = fastify();
    app.get("/", { onRequest: optionalUser(verifierOptions) }, (_request, reply) =>
      reply.header("Cache-Control", "private, max-age=60").send("in"),
    );
    expect((await ask(app, "/")).headers["cache-control"]).toBe("private, max-age=60");
  });

  test("refuse answers any code of the contract", async () => {
    const app = fastify();
    app.get("/", (_request, reply) => refuse(reply, new WatchwordError("not_found")));
    expect((await ask(app, "/")).json()).toMatchObject({ status: 404, code: "not_found" });
  });

  test("a guard without a name stops the start", () => {
    expect(() => requireScope()).toThrow(ConfigurationError);
    expect(() => requireRole("")).toThrow(ConfigurationError);
  });
});
