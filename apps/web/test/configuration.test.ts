import path from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigurationError } from "watchword";
import { configurationFromEnvironment } from "../lib/configuration.ts";

const secret = "kR2vB7xQ9mW4tY8uZ1pL6nD3sF5gH0jC";
const read = (env: Record<string, string> = {}) =>
  configurationFromEnvironment({ BETTER_AUTH_SECRET: secret, ...env });

describe("configurationFromEnvironment", () => {
  it("needs a secret only and fills in the documented defaults", () => {
    expect(read()).toEqual({
      secret,
      signingKey: undefined,
      issuer: "http://localhost:3000",
      audience: "http://localhost:8000",
      apiUrl: "http://localhost:8000",
      api: { mode: "direct", browserUrl: "http://localhost:8000", serverUrl: "http://localhost:8000" },
      tokenTtlSeconds: 900,
      revocation: true,
      cookieDomain: undefined,
      database: { kind: "sqlite", folder: path.resolve("data") },
      signInAttemptsPerMinute: 20,
      trustedProxies: { kind: "hops", count: 1 },
      mail: { kind: "log" },
      requireEmailVerification: false,
      social: {},
    });
  });

  it("tells the API what was revoked unless it is switched off, under a secret of its own where there is one", () => {
    const feedSecret = "T7uW3zY9aB5cD1eF8gH2iJ6kL0mN4oPq";
    expect(read({ REVOCATION: "none" }).revocation).toBe(false);
    expect(read({ WATCHWORD_FEED_SECRET: feedSecret }).revocation).toEqual({ feedSecret });
    expect(() => read({ WATCHWORD_FEED_SECRET: "short" })).toThrow(/^WATCHWORD_FEED_SECRET /);
    expect(() => read({ REVOCATION: "on" })).toThrow(ConfigurationError);
  });

  it("follows the ports", () => {
    const settings = read({ WEB_PORT: "4000", API_PORT: "4001" });
    expect([settings.issuer, settings.audience, settings.apiUrl]).toEqual([
      "http://localhost:4000",
      "http://localhost:4001",
      "http://localhost:4001",
    ]);
  });

  it("takes a blank setting for an absent one", () => {
    expect(read({ TOKEN_TTL: " ", COOKIE_DOMAIN: "", DATABASE_URL: " " })).toEqual(read());
  });

  it("keeps the path of the API's address and drops the slash at its end", () => {
    expect(read({ NEXT_PUBLIC_API_URL: "https://example.com/todo/" }).apiUrl).toBe(
      "https://example.com/todo",
    );
  });

  it.each([
    ["1m", 60],
    ["900", 900],
    ["2h", 7200],
    ["7d", 604_800],
  ])("reads a token life of %s", (text, seconds) => {
    expect(read({ TOKEN_TTL: text }).tokenTtlSeconds).toBe(seconds);
  });

  it.each([
    ["file:./my data", path.resolve("my data")],
    ["file:/srv/a%20b", "/srv/a%20b"],
    ["file:///srv/a%20b", "/srv/a b"],
  ])("reads the data folder of %s", (text, folder) => {
    expect(read({ DATABASE_URL: text }).database).toEqual({ kind: "sqlite", folder });
  });

  it.each([
    "postgres://ada:pass@db.example.com:5432/app?sslmode=verify-full",
    "postgresql://db.example.com/app",
  ])("reads the PostgreSQL database of %s", (url) => {
    expect(read({ DATABASE_URL: url }).database).toEqual({ kind: "postgres", url, poolSize: 10 });
    expect(read({ DATABASE_URL: url, DATABASE_POOL_SIZE: "3" }).database).toMatchObject({ poolSize: 3 });
  });

  it.each(["postgres:ada:pa55word@db/app", "postgres://ada:pa55word@db:port/app"])(
    "refuses a PostgreSQL address that is none without quoting it",
    (url) => {
      const attempt = () => read({ DATABASE_URL: url });
      expect(attempt).toThrow("DATABASE_URL");
      expect(attempt).not.toThrow("pa55word");
    },
  );

  it.each([
    ["no secret", { BETTER_AUTH_SECRET: "" }, "BETTER_AUTH_SECRET"],
    ["a short secret", { BETTER_AUTH_SECRET: "too-short" }, "BETTER_AUTH_SECRET"],
    ["a secret of one letter", { BETTER_AUTH_SECRET: "a".repeat(40) }, "BETTER_AUTH_SECRET"],
    [
      "rotated secrets, which Better Auth would prefer silently",
      { BETTER_AUTH_SECRETS: "1:short" },
      "BETTER_AUTH_SECRETS, entry 1,",
    ],
    ["a weak signing key", { WATCHWORD_KEY: "short" }, "WATCHWORD_KEY"],
    ["an issuer that is no address", { BETTER_AUTH_URL: "localhost" }, "BETTER_AUTH_URL"],
    ["an API address without scheme", { NEXT_PUBLIC_API_URL: "api.example.com" }, "NEXT_PUBLIC_API_URL"],
    [
      "an API address with a query",
      { NEXT_PUBLIC_API_URL: "https://api.example.com/?a" },
      "NEXT_PUBLIC_API_URL",
    ],
    ["a token life that is no time", { TOKEN_TTL: "soon" }, "TOKEN_TTL"],
    ["a token life below a minute", { TOKEN_TTL: "59s" }, "TOKEN_TTL"],
    ["a token life above seven days", { TOKEN_TTL: "8d" }, "TOKEN_TTL"],
    ["another database", { DATABASE_URL: "mysql://localhost/x" }, "DATABASE_URL"],
    ["no connection at all", { DATABASE_POOL_SIZE: "0" }, "DATABASE_POOL_SIZE"],
    ["a cookie domain that the browser would refuse", { COOKIE_DOMAIN: "example.com" }, "COOKIE_DOMAIN"],
    ["no sign-in attempts at all", { SIGN_IN_ATTEMPTS_PER_MINUTE: "0" }, "SIGN_IN_ATTEMPTS_PER_MINUTE"],
    ["a mail server of another kind", { SMTP_URL: "https://mail.example.com" }, "SMTP_URL"],
    ["a sender that is no address", { SMTP_URL: "smtp://mail.example.com", MAIL_FROM: "me" }, "MAIL_FROM"],
    ["half a pair of social keys", { GITHUB_CLIENT_ID: "id" }, "GITHUB_CLIENT_SECRET"],
    ["verification in words", { REQUIRE_EMAIL_VERIFICATION: "yes" }, "REQUIRE_EMAIL_VERIFICATION"],
    [
      "verification without a way to send mail",
      { REQUIRE_EMAIL_VERIFICATION: "1", BETTER_AUTH_URL: "https://app.example.com" },
      "SMTP_URL",
    ],
    ["sign-in attempts in words", { SIGN_IN_ATTEMPTS_PER_MINUTE: "off" }, "SIGN_IN_ATTEMPTS_PER_MINUTE"],
  ])("refuses %s in one sentence that names the setting and never the secret", (_what, env, name) => {
    const attempt = () => read(env as Record<string, string>);
    expect(attempt).toThrow(ConfigurationError);
    expect(attempt).toThrow(name);
    expect(attempt).not.toThrow(secret);
  });

  it("refuses to send tokens over http to another machine in production, whatever the audience is", () => {
    const settings = {
      BETTER_AUTH_URL: "https://app.example.com",
      NEXT_PUBLIC_API_URL: "http://api.example.com",
      API_AUDIENCE: "todo",
      NODE_ENV: "production",
    };
    expect(() => read(settings)).toThrow("NEXT_PUBLIC_API_URL");
    const proxied = { ...settings, ALLOW_HTTP: "1", API_MODE: "proxy" };
    expect(read(proxied).apiUrl).toBe("http://api.example.com");
  });

  it("sends links by mail where a mail server is set", () => {
    const url = "smtps://ada:pass@mail.example.com";
    const there = { BETTER_AUTH_URL: "https://app.example.com", SMTP_URL: url };
    expect(read(there).mail).toEqual({
      kind: "smtp",
      url,
      from: "Watchword <no-reply@app.example.com>",
    });
  });

  it("writes links to the log of this machine only, never of a public server", () => {
    expect(read({ BETTER_AUTH_URL: "http://localhost:3000" }).mail.kind).toBe("log");
    expect(read({ BETTER_AUTH_URL: "https://app.example.com" }).mail.kind).toBe("none");
    const deployed = {
      BETTER_AUTH_URL: "https://app.example.com",
      NEXT_PUBLIC_API_URL: "https://api.example.com",
      NODE_ENV: "production",
    };
    expect(read(deployed).mail.kind).toBe("none");
    expect(() => read({ ...deployed, NEXT_PUBLIC_API_URL: "" })).toThrow("NEXT_PUBLIC_API_URL is not set.");
    expect(read({ BETTER_AUTH_URL: "https://app.example.com", NODE_ENV: "development" }).mail.kind).toBe(
      "log",
    );
  });

  it("takes numbered secrets, with an earlier single one beside them or without", () => {
    const BETTER_AUTH_SECRETS = `2:N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa,1:${secret}`;
    expect(read({ BETTER_AUTH_SECRETS }).secret).toBe(secret);
    expect(read({ BETTER_AUTH_SECRETS, BETTER_AUTH_SECRET: "" }).secret).toBeUndefined();
  });

  it("accepts a cookie domain above the application's host", () => {
    const settings = read({ BETTER_AUTH_URL: "https://app.example.com", COOKIE_DOMAIN: ".example.com" });
    expect(settings.cookieDomain).toBe("example.com");
  });
});
