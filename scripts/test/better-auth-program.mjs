// An issuer with everything that the plugin adds, driven by one user. Every step ends the program when it is wrong.
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { admin } from "better-auth/plugins";
import { createRevocationFeed, createVerifier } from "watchword";
import { watchword } from "watchword/better-auth";

const [baseURL, audience] = ["http://localhost:3000", "http://localhost:8000"];
const secret = "Tq7mZ2vX9kLr4Nw8Ps1Yc6Hd3Fg5Jb0e";
const warnings = [];
const options = {
  baseURL,
  secret,
  database: new DatabaseSync(":memory:"),
  emailAndPassword: { enabled: true },
  session: { cookieCache: { enabled: true } },
  logger: { log: (level, message) => level === "warn" && warnings.push(message) },
  plugins: [admin(), watchword({ issuer: baseURL, audience, revocation: true })],
};
await (await getMigrations(options)).runMigrations();
const auth = betterAuth(options);
await auth.$context;

const ask = (path, init) => auth.handler(new Request(`${baseURL}/api/auth${path}`, init));
const post = (path, body, cookie) =>
  ask(path, {
    method: "POST",
    headers: { "content-type": "application/json", origin: baseURL, ...(cookie && { cookie }) },
    body: JSON.stringify(body),
  });
const cookieOf = (answer) =>
  answer.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
const statusOf = async (answer) => (await answer).status;

const person = { name: "Ada", email: "ada@example.com", password: "correct horse battery" };
const cookie = cookieOf(await post("/sign-up/email", person));
const { token } = await (await ask("/token", { headers: { cookie } })).json();
const identity = await createVerifier({ issuer: baseURL, audience, secret }).verify(token);
assert.equal(identity.email, person.email);
assert.equal(await statusOf(post("/update-user", { name: "" }, cookie)), 400);
assert.equal(await statusOf(ask("/verify-email?token=x&callbackURL=%2F..%2F%2Fevil.test")), 403);
const guess = { ...person, password: "wrong horse battery" };
for (let count = 0; count < 10; count += 1) assert.equal(await statusOf(post("/sign-in/email", guess)), 401);
assert.equal(await statusOf(post("/sign-in/email", guess)), 429);
assert.equal(await statusOf(post("/sign-out", {}, cookie)), 200);
assert.equal(await statusOf(post("/update-user", { name: "Eve" }, cookie)), 401);
assert.equal(await statusOf(ask("/token", { headers: { cookie } })), 401);
const feed = createRevocationFeed({
  issuer: baseURL,
  secret,
  audience,
  fetch: (url, init) => auth.handler(new Request(url, init)),
});
await feed.ready({ timeoutSeconds: 10 });
const following = createVerifier({ issuer: baseURL, audience, secret, revocation: feed });
await assert.rejects(following.verify(token), { code: "revoked" });
await feed.close();
process.stdout.write(`${JSON.stringify({ warnings })}\n`);
