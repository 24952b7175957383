// One framework with an open route, one behind this package and one behind a peer. Arguments: framework, port, key.
// `GET /cpu` answers the CPU time of the process in nanoseconds.
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { jwt } from "hono/jwt";
import { createVerifier } from "watchword";
import { authenticate as authenticateExpress } from "watchword/express";
import { authenticate as authenticateFastify } from "watchword/fastify";
import { authenticate as authenticateHono } from "watchword/hono";

const [framework, portText, secret = ""] = process.argv.slice(2);
const port = Number(portText);
const issuer = "https://auth.example.test";
const audience = "https://api.example.test";
const options = { issuer, audience, key: [{ key: secret, keyId: "HS256-1" }], acceptedTypes: ["at+jwt"] };
const warm = createVerifier(options);
const cold = createVerifier({ ...options, cache: false });
const answer = { ok: true };

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

if (framework === "hono") {
  const app = new Hono();
  app.get("/open", (c) => c.json(answer));
  app.get("/watchword", authenticateHono(warm), (c) => c.json(answer));
  app.get("/watchword-new", authenticateHono(cold), (c) => c.json(answer));
  const verification = { iss: issuer, aud: audience, typ: "at+jwt" };
  app.get("/hono-jwt", jwt({ secret, alg: "HS256", verification }), (c) => c.json(answer));
  app.get("/cpu", (c) => c.json(cpu()));
  createServer(getRequestListener(app.fetch)).listen(port, "127.0.0.1");
} else if (framework === "fastify") {
  const app = fastify();
  app.get("/open", async () => answer);
  app.get("/watchword", { onRequest: authenticateFastify(warm) }, async () => answer);
  app.get("/watchword-new", { onRequest: authenticateFastify(cold) }, async () => answer);
  app.get("/cpu", async () => cpu());
  await app.listen({ port, host: "127.0.0.1" });
} else {
  const app = express();
  app.get("/open", (_, res) => void res.json(answer));
  app.get("/watchword", authenticateExpress(warm), (_, res) => void res.json(answer));
  app.get("/watchword-new", authenticateExpress(cold), (_, res) => void res.json(answer));
  app.get("/cpu", (_, res) => void res.json(cpu()));
  app.listen(port, "127.0.0.1");
}
