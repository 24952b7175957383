import { afterEach, beforeEach, expect, it } from "vitest";
import { PostgresStore, query } from "../support/store.ts";
import { privateSettings, start, stopAll } from "./application.ts";

let place: Awaited<ReturnType<typeof privateSettings>>;
beforeEach(async () => {
  place = await privateSettings();
});
afterEach(async () => {
  await stopAll();
  place.remove();
});

it("npm start serves the application on a PostgreSQL database, and prints neither user nor password", async () => {
  const store = await PostgresStore.make("start");
  try {
    const run = start({ ...place.settings, DATABASE_URL: store.url });
    await run.printed(/Ctrl-C stops both/);
    const { host, pathname, username, password } = new URL(store.url);
    expect(run.output.stdout).toContain(`Data  PostgreSQL ${host}${pathname}\n`);
    const signedUp = await fetch(`${place.web}/api/auth/sign-up/email`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: place.web },
      body: JSON.stringify({ name: "Ada", email: "ada@example.test", password: "correct horse battery" }),
    });
    expect(signedUp.status).toBe(200);
    expect(await query(store.url, 'SELECT email FROM auth."user"')).toEqual([{ email: "ada@example.test" }]);
    run.interrupt();
    expect(await run.ended).toBe(0);
    expect(run.output.stdout + run.output.stderr).not.toContain(password);
    expect(run.output.stdout + run.output.stderr).not.toContain(`${username}:`);
  } finally {
    await store.remove();
  }
});

it("npm start ends with a sentence when the PostgreSQL database cannot be reached", async () => {
  const url = "postgres://ada:s3cret-pass@127.0.0.1:1/nothing";
  const run = start({ ...place.settings, DATABASE_URL: url });
  expect(await run.ended).toBe(1);
  expect(run.output.stderr).toMatch(/DATABASE_URL|PostgreSQL|database/i);
  expect(run.output.stdout + run.output.stderr).not.toContain("s3cret-pass");
});
