import { afterEach, describe, expect, it, vi } from "vitest";
import { createAuthFetch } from "../../src/client/index.ts";
import { apiOrigin, scripted, unauthorized } from "./scripted-api.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

function onPage(href: string, baseURI = href) {
  vi.stubGlobal("location", { href });
  vi.stubGlobal("document", { baseURI });
}

describe("the token goes to the API's origin", () => {
  it.each([
    `${apiOrigin}/tasks`,
    `${apiOrigin}:443/tasks`,
    "HTTPS://API.TEST/tasks",
    `${apiOrigin}`,
    `${apiOrigin}/redirect?to=https://evil.test`,
  ])("for %s", async (url) => {
    const { authFetch, sent } = scripted();
    await authFetch(url);
    await authFetch(new URL(url));
    await authFetch(new Request(url));
    expect(sent).toEqual(["t1", "t1", "t1"]);
  });

  it("over http on this machine", async () => {
    for (const local of [
      "http://localhost:8000",
      "http://127.0.0.1:8000",
      "http://[::1]:8000",
      "http://api.localhost",
    ]) {
      const { authFetch, sent } = scripted({ apiOrigin: local });
      await authFetch(`${local}/tasks`);
      expect([local, sent]).toEqual([local, ["t1"]]);
    }
  });
});

describe("the token goes nowhere else", () => {
  it.each([
    "https://evil.test/tasks",
    "http://api.test/tasks",
    "https://api.test:8443/tasks",
    "https://api.test.evil.test/tasks",
    "https://sub.api.test/tasks",
    "https://evil.test/https://api.test/",
    "https://evil.test#@api.test/",
    "https://evil.test\\@api.test/",
  ])("not for %s, and none is asked for", async (url) => {
    const { authFetch, sent, asked } = scripted();
    await authFetch(url);
    await authFetch(new URL(url));
    await authFetch(new Request(url));
    expect([sent, asked()]).toEqual([[null, null, null], 0]);
  });

  it("not for a blob: of the API's origin", async () => {
    const seen: (string | null)[] = [];
    const { authFetch, asked } = scripted({
      fetch: async (_, init) => {
        seen.push(new Headers(init?.headers).get("authorization"));
        return new Response();
      },
    });
    await authFetch(`blob:${apiOrigin}/0a`);
    expect([seen, asked()]).toEqual([[null], 0]);
  });

  it("not with auth: false, which is not handed on to fetch", async () => {
    const inits: (RequestInit | undefined)[] = [];
    const { authFetch, asked } = scripted({
      fetch: async (_, init) => {
        inits.push(init);
        return new Response();
      },
    });
    await authFetch(`${apiOrigin}/public`, { auth: false, cache: "no-store" });
    expect(inits[0]).not.toHaveProperty("auth");
    expect(inits[0]).toMatchObject({ cache: "no-store" });
    expect([...new Headers(inits[0]?.headers)]).toEqual([]);
    expect(asked()).toBe(0);
  });

  it.each<[string, HeadersInit]>([
    ["a plain object", { Authorization: "Basic YTpi" }],
    ["a Headers object", new Headers({ authorization: "Basic YTpi" })],
    ["a list", [["AUTHORIZATION", "Basic YTpi"]]],
  ])("not over the caller's own Authorization header in %s", async (_, headers) => {
    const { authFetch, sent, asked } = scripted();
    await authFetch(`${apiOrigin}/tasks`, { headers });
    await authFetch(new Request(`${apiOrigin}/tasks`, { headers }));
    expect([sent, asked()]).toEqual([["Basic YTpi", "Basic YTpi"], 0]);
  });

  it("and a 401 of another origin asks for no token", async () => {
    const { authFetch, asked } = scripted({ answer: unauthorized });
    expect((await authFetch("https://other.test/")).status).toBe(401);
    expect(asked()).toBe(0);
  });
});

describe("a relative URL", () => {
  it("on a page of the API's origin carries the token", async () => {
    onPage(`${apiOrigin}/app/`);
    const { authFetch, sent } = scripted();
    await authFetch("/tasks");
    await authFetch("tasks");
    expect(sent).toEqual(["t1", "t1"]);
  });

  it.each(["/tasks", "tasks", "?q=1", "//evil.test/tasks", "\\\\evil.test/tasks"])(
    "on a page elsewhere, %s, carries none",
    async (url) => {
      onPage("https://app.test/app/");
      const { authFetch, sent, asked } = scripted();
      await authFetch(url);
      expect([sent, asked()]).toEqual([[null], 0]);
    },
  );

  it("is asked for as it was judged: against the document's base", async () => {
    onPage(`${apiOrigin}/`, "https://cdn.test/base/");
    const asked: string[] = [];
    const { authFetch } = scripted({
      fetch: async (input) => {
        asked.push(String(input));
        return new Response();
      },
    });
    await authFetch("tasks");
    expect(asked).toEqual(["https://cdn.test/base/tasks"]);
  });

  it("on a server is refused with a sentence that says what to do", async () => {
    const { authFetch } = scripted();
    await expect(authFetch("/tasks")).rejects.toThrow(
      new TypeError(
        "authFetch was given a URL that cannot be resolved. A relative URL needs a page; on a server, pass an absolute one.",
      ),
    );
  });
});

describe("createAuthFetch refuses", () => {
  const getToken = async () => null;

  it.each([
    ["an API over http on another machine", "http://api.test"],
    ["a host that only begins like this machine", "http://localhost.evil.test"],
    ["an address that only begins like this machine's", "http://127.0.0.1.evil.test"],
    ["no URL", "api.test"],
    ["an empty text", ""],
    ["another scheme", "ftp://api.test"],
    ["a path", "https://api.test/v1"],
    ["a password", "https://ada:secret@api.test"],
  ])("%s as apiOrigin", (_, origin) => {
    expect(() => createAuthFetch({ apiOrigin: origin, getToken })).toThrow(
      expect.objectContaining({
        name: "ConfigurationError",
        message: expect.stringMatching(/^apiOrigin must/),
      }),
    );
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("a margin of %d seconds", (refreshMarginSeconds) => {
    expect(() => createAuthFetch({ apiOrigin, getToken, refreshMarginSeconds })).toThrow(
      expect.objectContaining({ code: "misconfigured" }),
    );
  });
});

it("an http: origin on another machine is taken with allowHttp, and only with the boolean", async () => {
  const sent: string[] = [];
  const options = {
    apiOrigin: "http://10.0.2.2:8000",
    getToken: async () => ({ token: "t1", expiresIn: 900 }),
    fetch: async (_: unknown, init?: RequestInit) => {
      sent.push(String(new Headers(init?.headers).get("authorization")));
      return new Response();
    },
  };
  await createAuthFetch({ ...options, allowHttp: true })("http://10.0.2.2:8000/tasks");
  expect(sent).toEqual(["Bearer t1"]);
  expect(() => createAuthFetch({ ...options, allowHttp: "no" as never })).toThrow("apiOrigin must be https");
});
