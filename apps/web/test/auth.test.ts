import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createVerifier, verifierOptionsFromEnvironment } from "countersign";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { auth, prepareAuth } from "../lib/auth.ts";

const folder = mkdtempSync(path.join(tmpdir(), "countersign-web-"));
const environment = {
  BETTER_AUTH_SECRET: "kR2vB7xQ9mW4tY8uZ1pL6nD3sF5gH0jC",
  BETTER_AUTH_URL: "https://app.example.com",
  NEXT_PUBLIC_API_URL: "https://api.example.com",
  COOKIE_DOMAIN: "example.com",
  DATABASE_URL: `file:${folder}/made by the start`,
};

function request(pathname: string, init: { body?: unknown; cookie?: string } = {}) {
  return auth().handler(
    new Request(`https://app.example.com/api/auth${pathname}`, {
      method: init.body ? "POST" : "GET",
      headers: {
        ...(init.body ? { "content-type": "application/json", origin: "https://app.example.com" } : {}),
        ...(init.cookie ? { cookie: init.cookie } : {}),
      },
      ...(init.body ? { body: JSON.stringify(init.body) } : {}),
    }),
  );
}

const signUp = (email: string, password: string) =>
  request("/sign-up/email", { body: { name: "Ada", email, password } });

const cookieOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");

describe("the application's Better Auth", () => {
  beforeAll(async () => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    await prepareAuth();
  });

  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  it("makes the folder and its database at the start", () => {
    expect(existsSync(path.join(folder, "made by the start", "auth.sqlite"))).toBe(true);
  });

  it("can be prepared again over its own tables", async () => {
    await expect(prepareAuth()).resolves.toBeUndefined();
  });

  it("gives a session cookie that is secure, prefixed, out of reach of scripts, and good for seven days", async () => {
    const response = await signUp("cookie@example.com", "correct horse");
    const cookie = response.headers.getSetCookie().find((value) => value.includes("session_token"));
    expect(cookie).toMatch(/^__Secure-better-auth\.session_token=/);
    for (const attribute of ["Max-Age=604800", "Domain=example.com", "HttpOnly", "Secure", "SameSite=Lax"]) {
      expect(cookie).toContain(attribute);
    }
  });

  it("issues a token that an API with the same settings accepts as the same user", async () => {
    const signedUp = await signUp("token@example.com", "correct horse");
    const { user } = await signedUp.json();
    const response = await request("/token", { cookie: cookieOf(signedUp) });
    const verifier = createVerifier(verifierOptionsFromEnvironment(environment));
    const identity = await verifier.verify((await response.json()).token);
    expect([identity.userId, identity.email]).toEqual([user.id, "token@example.com"]);
  });

  it("gives no token after sign-out, whatever cookies are kept", async () => {
    const signedUp = await signUp("leaving@example.com", "correct horse");
    const cookie = cookieOf(signedUp);
    await request("/sign-out", { body: {}, cookie });
    expect((await request("/token", { cookie })).status).toBe(401);
  });

  it.each([
    [7, 400],
    [8, 200],
    [128, 200],
    [129, 400],
  ])("answers a password of %i characters with %i", async (length, status) => {
    const response = await signUp(`length-${length}@example.com`, "a".repeat(length));
    expect(response.status).toBe(status);
  });
});
