import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { privateSettings, start, stopAll } from "./application.ts";

let place: Awaited<ReturnType<typeof privateSettings>>;
beforeEach(async () => {
  place = await privateSettings();
});
afterEach(async () => {
  await stopAll();
  place.remove();
});

const account = { name: "Ada", email: "ada@example.test", password: "correct horse battery" };

async function signIn(web: string, path: "sign-up" | "sign-in"): Promise<{ cookie: string; userId: string }> {
  const response = await fetch(`${web}/api/auth/${path}/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: web },
    body: JSON.stringify(account),
  });
  expect(response.status).toBe(200);
  const { user } = (await response.json()) as { user: { id: string } };
  const cookie = response.headers
    .getSetCookie()
    .map((value) => value.split(";")[0])
    .join("; ");
  return { cookie, userId: user.id };
}

async function tokenFor(web: string, cookie: string): Promise<string> {
  const response = await fetch(`${web}/api/auth/token`, { headers: { cookie } });
  expect(response.status).toBe(200);
  return ((await response.json()) as { token: string }).token;
}

describe.each([
  { api: "hono", title: "Hono (TypeScript)", other: "npm start -- --api fastapi" },
  { api: "fastapi", title: "FastAPI (Python)", other: "npm start" },
])("npm start with $api", ({ api, title, other }) => {
  it("serves the application, says where, stops on Ctrl-C and keeps the data", async () => {
    const first = start(place.settings, "--api", api);
    await first.printed(/Ctrl-C stops both/);
    expect(first.output.stdout).toContain(`Open ${place.web}`);
    expect(first.output.stdout).toContain(title);
    expect(first.output.stdout).toContain(`the other one: ${other}\n`);

    const { cookie, userId } = await signIn(place.web, "sign-up");
    const tasks = `${place.api}/api/${userId}/tasks`;
    const created = await fetch(tasks, {
      method: "POST",
      headers: {
        authorization: `Bearer ${await tokenFor(place.web, cookie)}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ title: "Survive a restart" }),
    });
    expect(created.status).toBe(201);

    first.interrupt();
    expect(await first.ended).toBe(0);
    expect(first.output.stderr).toBe("");
    await expect(fetch(`${place.api}/health`)).rejects.toThrow();
    await expect(fetch(place.web)).rejects.toThrow();

    const second = start(place.settings, "--api", api);
    await second.printed(/Ctrl-C stops both/);
    const again = await signIn(place.web, "sign-in");
    const listed = await fetch(tasks, {
      headers: { authorization: `Bearer ${await tokenFor(place.web, again.cookie)}` },
    });
    expect(await listed.json()).toMatchObject({ total: 1, items: [{ title: "Survive a restart" }] });
    second.interrupt();
    expect(await second.ended).toBe(0);

    for (const { output } of [first, second]) {
      expect(output.stdout + output.stderr).not.toContain(place.settings.BETTER_AUTH_SECRET);
      expect(output.stdout + output.stderr).not.toMatch(/eyJ[A-Za-z0-9_-]{10}/);
    }
  });
});

const strong = "x7Kd92mQpLr4Tz8VbN3wYc6Hf1Gs5Jt0";

describe("a wrong setting stops the start with one sentence", () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ["a short secret", { BETTER_AUTH_SECRET: "x7Kd92mQpLr4Tz8VbN3wYc6Hf1Gs5J" }, /BETTER_AUTH_SECRET/],
    [
      "a known placeholder",
      { BETTER_AUTH_SECRET: "better-auth-secret-12345678901234567890" },
      /BETTER_AUTH_SECRET/,
    ],
    [
      "a repetitive secret",
      { BETTER_AUTH_SECRET: "abababababababababababababababababababab" },
      /BETTER_AUTH_SECRET/,
    ],
    [
      "a template left in place",
      { BETTER_AUTH_SECRET: `$${"{BETTER_AUTH_SECRET_FROM_THE_VAULT_HERE}"}` },
      /BETTER_AUTH_SECRET/,
    ],
    ["a weak key", { WATCHWORD_KEY: "short" }, /WATCHWORD_KEY/],
    ["a life that is no duration", { TOKEN_TTL: "soon" }, /TOKEN_TTL/],
    ["a life beyond seven days", { TOKEN_TTL: "8d" }, /TOKEN_TTL/],
    ["a life under a minute", { TOKEN_TTL: "59" }, /TOKEN_TTL/],
    ["a port that is no number", { API_PORT: "eight thousand" }, /API_PORT/],
    ["an address that is no URL", { BETTER_AUTH_URL: "localhost" }, /BETTER_AUTH_URL/],
    [
      "a public address without TLS",
      { BETTER_AUTH_URL: "http://todo.example.test" },
      /BETTER_AUTH_URL.*ALLOW_HTTP=1/,
    ],
    [
      "an API in the clear that browsers would send tokens to",
      { NEXT_PUBLIC_API_URL: "http://api.example.test", ALLOW_HTTP: "1" },
      /NEXT_PUBLIC_API_URL.*API_MODE=proxy/,
    ],
    ["an API address that is no URL", { NEXT_PUBLIC_API_URL: "/api" }, /NEXT_PUBLIC_API_URL/],
    ["a wildcard origin", { CORS_ORIGINS: "*" }, /CORS_ORIGINS/],
    ["an origin with a path", { CORS_ORIGINS: "http://localhost:3000/app" }, /CORS_ORIGINS/],
    ["a cookie domain that is none", { COOKIE_DOMAIN: "https://example.test/" }, /COOKIE_DOMAIN/],
    ["a database of an unknown kind", { DATABASE_URL: "mysql://localhost/todo" }, /DATABASE_URL/],
    ["no connection to the database", { DATABASE_POOL_SIZE: "0" }, /DATABASE_POOL_SIZE/],
    [
      "a data folder that cannot be made",
      { DATABASE_URL: "file:/dev/null/data" },
      /The data folder .* is not writable/,
    ],
    ["a limit that is no number", { AUTH_FAILURES_PER_MINUTE: "-1" }, /AUTH_FAILURES_PER_MINUTE/],
  ])("%s", async (_name, settings, sentence) => {
    const run = start({ ...place.settings, BETTER_AUTH_SECRET: strong, ...settings });
    expect(await run.ended).toBe(1);
    const told = run.output.stderr.trim();
    expect(told).toMatch(sentence);
    expect(told.split("\n")).toHaveLength(1);
    expect(told).toMatch(/\b(Set|set|list|Use|Make|must be|remove)\b/);
    for (const value of [settings["BETTER_AUTH_SECRET"], settings["WATCHWORD_KEY"]]) {
      if (value) expect(told).not.toContain(value);
    }
  });

  it.each(["WEB_PORT", "API_PORT"] as const)("a %s in use", async (setting) => {
    const port = Number(place.settings[setting]);
    const occupant = createServer();
    await new Promise<void>((resolve) => occupant.listen(port, "127.0.0.1", resolve));
    try {
      const run = start(place.settings);
      expect(await run.ended).toBe(1);
      expect(run.output.stderr.trim()).toBe(
        `Port ${port} is in use. Stop what runs there, or set ${setting} to another port.`,
      );
    } finally {
      await new Promise((resolve) => occupant.close(resolve));
    }
  });

  it.each([
    [["--api", "flask"], "--api takes hono or fastapi."],
    [["--fast"], "--fast is not an option. Use: npm start -- [--api hono|fastapi] [--dev]"],
  ])("arguments %j", async (args, sentence) => {
    const run = start(place.settings, ...args);
    expect(await run.ended).toBe(1);
    expect(run.output.stderr.trim()).toBe(sentence);
  });
});
