import { describe, expect, it } from "vitest";
import { ConfigurationError } from "watchword";
import { apiSetting } from "../lib/api-setting.ts";

const publicUrl = "https://api.example.com/todo";

describe("apiSetting", () => {
  it("lets the browser ask the API itself unless it is told otherwise", () => {
    const direct = { mode: "direct", browserUrl: publicUrl, serverUrl: publicUrl };
    expect(apiSetting({}, publicUrl)).toEqual(direct);
    expect(apiSetting({ API_MODE: " ", API_URL: "" }, publicUrl)).toEqual(direct);
  });

  it("gives the browser the proxy's path, and this server an address of its own", () => {
    expect(apiSetting({ API_MODE: "proxy" }, publicUrl)).toEqual({
      mode: "proxy",
      browserUrl: "/api/bff",
      serverUrl: publicUrl,
    });
    const env = { API_MODE: "proxy", API_URL: "http://127.0.0.1:8000/" };
    expect(apiSetting(env, publicUrl).serverUrl).toBe("http://127.0.0.1:8000");
  });

  it.each([
    [{ API_MODE: "bff" }, "API_MODE"],
    [{ API_URL: "api:8000" }, "API_URL"],
    [{ API_URL: "https://api.test/?x" }, "API_URL"],
    [{ API_URL: "http://api.internal", NODE_ENV: "production" }, "API_URL"],
  ])("%j stops the start and names %s", (env, name) => {
    const read = () => apiSetting(env, publicUrl);
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(new RegExp(`^${name}`));
  });

  it("takes an API in the clear where that is spelled out", () => {
    const env = { API_URL: "http://api.internal", NODE_ENV: "production", ALLOW_HTTP: "1" };
    expect(apiSetting(env, publicUrl).serverUrl).toBe("http://api.internal");
  });

  it.each(["1", undefined])(
    "lets no browser send tokens in the clear: with ALLOW_HTTP=%s only the proxy may",
    (allow) => {
      const env = { ALLOW_HTTP: allow };
      expect(() => apiSetting(env, "http://api.example.com")).toThrow(ConfigurationError);
      expect(() => apiSetting(env, "http://api.example.com")).toThrow(
        /^NEXT_PUBLIC_API_URL .* API_MODE=proxy/,
      );
      expect(apiSetting({ ...env, API_MODE: "proxy" }, "http://api.example.com").browserUrl).toBe("/api/bff");
      expect(apiSetting(env, "http://127.0.0.1:8000").mode).toBe("direct");
    },
  );
});
