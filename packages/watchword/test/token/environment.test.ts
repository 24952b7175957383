import { describe, expect, test } from "vitest";
import { ConfigurationError } from "../../src/errors.ts";
import {
  audienceFromEnvironment,
  issuerFromEnvironment,
  verifierOptionsFromEnvironment,
} from "../../src/token/environment.ts";

const secret = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa";
const key = "T6l6XuCzyGdtFocHUHqj7U9yo7-FR1-ifEXuHrVJVhM";

describe("issuer", () => {
  test("is the origin of BETTER_AUTH_URL, without path or slash", () => {
    expect(issuerFromEnvironment({ BETTER_AUTH_URL: "https://App.example.com:443/api/auth/" })).toBe(
      "https://app.example.com",
    );
  });

  test("falls back to NEXT_PUBLIC_APP_URL, then to the local port", () => {
    expect(issuerFromEnvironment({ BETTER_AUTH_URL: " ", NEXT_PUBLIC_APP_URL: "https://a.example" })).toBe(
      "https://a.example",
    );
    expect(issuerFromEnvironment({ WEB_PORT: "3100" })).toBe("http://localhost:3100");
    expect(issuerFromEnvironment({})).toBe("http://localhost:3000");
  });

  test.each([
    "app.example.com",
    "ftp://a.example",
    "https://u:p@a.example",
    "https://",
    "javascript:alert(1)",
    "https:/a.example",
    "https:a.example",
    "https://a.example\\x",
    "https://a..example",
    "https://*.example",
    "http://127.1:3000",
  ])("refuses %j", (url) => {
    expect(() => issuerFromEnvironment({ BETTER_AUTH_URL: url })).toThrow(
      /^BETTER_AUTH_URL is not an address/,
    );
    expect(() => issuerFromEnvironment({ BETTER_AUTH_URL: url })).toThrow(ConfigurationError);
  });

  test.each(["0", "65536", "80a", "-1", "1e3"])("refuses the port %j", (port) => {
    expect(() => issuerFromEnvironment({ WEB_PORT: port })).toThrow(/^WEB_PORT is not a port/);
  });
});

describe("audience", () => {
  test("is API_AUDIENCE as it stands, then the origin of NEXT_PUBLIC_API_URL, then the local port", () => {
    const environment = { API_AUDIENCE: "todo-api", NEXT_PUBLIC_API_URL: "https://api.example.com/v1" };
    expect(audienceFromEnvironment(environment)).toBe("todo-api");
    expect(audienceFromEnvironment({ ...environment, API_AUDIENCE: "" })).toBe("https://api.example.com");
    expect(audienceFromEnvironment({ API_PORT: "8100" })).toBe("http://localhost:8100");
    expect(audienceFromEnvironment({})).toBe("http://localhost:8000");
  });
});

describe("http in production", () => {
  const production = { NODE_ENV: "production" };

  test("is refused outside of this machine", () => {
    expect(() => issuerFromEnvironment({ ...production, BETTER_AUTH_URL: "http://app.example.com" })).toThrow(
      /ALLOW_HTTP=1/,
    );
    expect(() =>
      audienceFromEnvironment({ ...production, NEXT_PUBLIC_API_URL: "http://10.0.0.1:8000" }),
    ).toThrow(/^NEXT_PUBLIC_API_URL/);
    expect(() =>
      issuerFromEnvironment({ ...production, BETTER_AUTH_URL: "http://localhost.example.com" }),
    ).toThrow(/ALLOW_HTTP=1/);
  });

  test.each(["http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]:3000"])(
    "is fine on loopback: %s",
    (url) => {
      expect(issuerFromEnvironment({ ...production, BETTER_AUTH_URL: url })).toBe(url);
    },
  );

  test("is allowed by ALLOW_HTTP=1 and outside of production", () => {
    const url = "http://app.example.com";
    expect(issuerFromEnvironment({ ...production, ALLOW_HTTP: "1", BETTER_AUTH_URL: url })).toBe(url);
    expect(issuerFromEnvironment({ BETTER_AUTH_URL: url })).toBe(url);
  });
});

describe("key", () => {
  test("is BETTER_AUTH_SECRET when it stands alone", () => {
    expect(verifierOptionsFromEnvironment({ BETTER_AUTH_SECRET: secret, WATCHWORD_KEY: "" })).toEqual({
      issuer: "http://localhost:3000",
      audience: "http://localhost:8000",
      secret,
    });
  });

  test("is WATCHWORD_KEY alone when that is set", () => {
    const options = verifierOptionsFromEnvironment({ BETTER_AUTH_SECRET: "short", WATCHWORD_KEY: key });
    expect(options).toMatchObject({ key });
    expect(options).not.toHaveProperty("secret");
  });

  test("missing altogether stops the start by the setting's name", () => {
    expect(() => verifierOptionsFromEnvironment({ BETTER_AUTH_SECRET: " " })).toThrow(
      /^BETTER_AUTH_SECRET is not set/,
    );
  });

  test("too weak stops the start by the setting's name", () => {
    expect(() => verifierOptionsFromEnvironment({ BETTER_AUTH_SECRET: "short" })).toThrow(
      /^BETTER_AUTH_SECRET has fewer/,
    );
    expect(() => verifierOptionsFromEnvironment({ WATCHWORD_KEY: "short" })).toThrow(
      /^WATCHWORD_KEY has fewer/,
    );
  });
});
