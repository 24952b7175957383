import type { AddressInfo } from "node:net";
import express, { type ErrorRequestHandler, type Express } from "express";
import { afterEach, describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  authenticate,
  identityOf,
  optionalUser,
  refuse,
  requireRole,
  requireScope,
  requireSelf,
} from "../../src/adapters/express.ts";
import { ConfigurationError, WatchwordError } from "../../src/errors.ts";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import type { Identity } from "../../src/token/identity.ts";
import { tokenFor, verifier, verifierOptions } from "./adapter-suite.ts";

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

async function ask(app: Express, path: string, token?: string): Promise<Response> {
  const server = app.listen(0, "127.0.0.1");
  opened.push(() => server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}`, Connection: "close" };
  return fetch(`http://127.0.0.1:${port}${path}`, { headers });
}

const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;

describe("identityOf", () => {
  const planVerifier = createVerifier({ ...verifierOptions, claims: z.object({ plan: z.string() }) });

  test("has the claims of the verifier's schema", async () => {
    const app = express().get("/", authenticate(planVerifier), (req, res) => {
      expectTypeOf(identityOf(req)).toEqualTypeOf<Identity<unknown>>();
      expectTypeOf(identityOf(req, planVerifier)).toEqualTypeOf<Identity<{ plan: string }>>();
      res.json(identityOf(req, planVerifier).claims.plan);
    });
    expect(await (await ask(app, "/", tokenFor({ claims: { plan: "gold" } }))).json()).toBe("gold");
  });

  test("refuses a request that nobody, or another verifier, has authenticated", async () => {
    const refusals: unknown[] = [];
    const note: ErrorRequestHandler = (error, _req, res, _next) => {
      refusals.push(error.code);
      res.end();
    };
    const app = express();
    app.get("/open", (req, res) => res.json(identityOf(req)));
    app.get("/other", authenticate(verifier), (req, res) => res.json(identityOf(req, planVerifier)));
    app.get("/anonymous", optionalUser(verifier), (req, res) => res.json(identityOf(req)));
    app.use(note);
    for (const path of ["/open", "/other", "/anonymous"]) {
      await ask(app, path, path === "/other" ? tokenFor() : undefined);
    }
    expect(refusals).toEqual(["missing", "missing", "missing"]);
  });
});

describe("the middlewares", () => {
  test.each([
    ["requireSelf", requireSelf("user_id")],
    ["requireScope", requireScope("tasks:read")],
    ["requireRole", requireRole("admin")],
  ])("%s lets nobody through without authenticate before it", async (_name, middleware) => {
    const app = express().get("/:user_id", middleware, (_req, res) => res.end("in"));
    expect(await codeOf(await ask(app, "/user_a", tokenFor()))).toBe("missing");
  });

  test("protect a whole router in one line, its unknown paths too", async () => {
    const tasks = express.Router().get("/tasks", (req, res) => res.json(identityOf(req).userId));
    const app = express().use("/api/:user_id", authenticate(verifier), requireSelf("user_id"), tasks);
    expect(await (await ask(app, "/api/user_a/tasks", tokenFor())).json()).toBe("user_a");
    expect(await codeOf(await ask(app, "/api/user_b/tasks", tokenFor()))).toBe("wrong_subject");
    expect((await ask(app, "/api/user_a/unknown")).status).toBe(401);
  });

  test("a parameter that the route does not have is told by its name, and opens nothing", async () => {
    const warned: Error[] = [];
    const listener = (warning: Error) => warned.push(warning);
    process.on("warning", listener);
    const goOn: ErrorRequestHandler = (_error, _req, _res, next) => next();
    const app = express()
      .use("/api/:userId", authenticate(verifier), requireSelf("user_id"))
      .use(goOn)
      .get("/api/:userId/tasks", (_req, res) => res.end("in"));
    const answer = await ask(app, "/api/user_b/tasks", tokenFor());
    expect([answer.status, await codeOf(answer)]).toEqual([500, "internal_error"]);
    await expect
      .poll(() => warned.map(({ message }) => message))
      .toEqual([expect.stringContaining("no parameter named user_id")]);
    process.off("warning", listener);
  });

  test("a wild card is nobody's id", async () => {
    const app = express().get("/*user_id", authenticate(verifier), requireSelf("user_id"), (_req, res) =>
      res.end("in"),
    );
    expect(await codeOf(await ask(app, "/user_a", tokenFor()))).toBe("wrong_subject");
  });

  test("an error handler that goes on does not open the route", async () => {
    const app = express().use(authenticate(verifier));
    const goOn: ErrorRequestHandler = (_error, _req, _res, next) => next();
    app.use(goOn).get("/", (_req, res) => res.end("in"));
    expect(await codeOf(await ask(app, "/"))).toBe("missing");
  });

  test("a fault of the verifier's own reaches the error handler", async () => {
    const broken = { verify: () => Promise.reject(new RangeError("broken")) };
    const app = express().get("/", authenticate(broken), (_req, res) => res.end("in"));
    const name: ErrorRequestHandler = (error, _req, res, _next) => res.status(500).end(error.name);
    app.use(name);
    expect(await (await ask(app, "/", tokenFor())).text()).toBe("RangeError");
  });

  test("a verifier that has to wait is waited for", async () => {
    const slow = { verify: async (token: string) => verifier.verify(token) };
    const app = express().get("/", authenticate(slow), (req, res) => res.json(identityOf(req).userId));
    expect(await (await ask(app, "/", tokenFor())).json()).toBe("user_a");
    expect(await codeOf(await ask(app, "/", "x.y.z"))).toBe("malformed");
  });

  test("a handler may say how its answer is stored", async () => {
    const app = express().get("/", optionalUser(verifierOptions), (_req, res) => {
      res.set("Cache-Control", "private, max-age=60").end();
    });
    expect((await ask(app, "/")).headers.get("cache-control")).toBe("private, max-age=60");
  });

  test("refuse answers any code of the contract", async () => {
    const app = express().get("/", (_req, res) =>
      refuse(res, new WatchwordError("validation_failed"), [
        { in: "body", pointer: "/title", code: "blank" },
      ]),
    );
    expect(await (await ask(app, "/")).json()).toMatchObject({
      code: "validation_failed",
      errors: [{ in: "body", pointer: "/title", code: "blank" }],
    });
  });

  test("a guard without a name stops the start", () => {
    expect(() => requireScope()).toThrow(ConfigurationError);
    expect(() => requireRole("")).toThrow(ConfigurationError);
  });
});
