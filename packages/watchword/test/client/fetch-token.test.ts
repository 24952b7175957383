import { jwt } from "better-auth/plugins";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createAuthFetch, fetchToken } from "../../src/client/index.ts";
import { mintToken } from "../../src/testing/index.ts";
import { claimsOf, issuer, plugin, realAuth, signUp } from "../issuer/real-auth.ts";
import { localServer } from "./local-server.ts";
import { apiOrigin } from "./scripted-api.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

const endpoint = `${issuer}/api/auth/token`;

describe("fetchToken", () => {
  it("gives the answer and its Date header", async () => {
    const { origin } = await localServer((_, response) => {
      response.end(JSON.stringify({ token: "t", expiresAt: 1000, expiresIn: 900 }));
    });
    const grant = await fetchToken(origin)();
    expect(grant).toEqual({
      token: "t",
      expiresAt: 1000,
      expiresIn: 900,
      date: expect.stringMatching(/GMT$/),
    });
  });

  it("asks with the session cookie and past every cache, and relative to the page", async () => {
    vi.stubGlobal("location", { href: "https://app.test/tasks" });
    const fetch = vi.fn<typeof globalThis.fetch>(async () => Response.json({ token: "t", expiresIn: 900 }));
    await fetchToken("/api/auth/token", { fetch })();
    expect(fetch.mock.calls).toEqual([[new URL(endpoint), { credentials: "include", cache: "no-store" }]]);
  });

  it("reads the life of the token where the answer holds the token alone", async () => {
    const token = mintToken({
      secret: "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa",
      iat: 1000,
      exp: 1900,
      name: "Zoë?>",
    });
    const grant = await fetchToken(endpoint, { fetch: async () => Response.json({ token }) })();
    expect(grant).toMatchObject({ token, expiresIn: 900, expiresAt: 1900 });
  });

  it.each(["opaque", "a.!.b", `a.${btoa("null")}.b`, `a.${btoa('{"exp":1}')}.b`, undefined])(
    "leaves out the life of %s, which the call then misses",
    async (token) => {
      const fetch = async () => Response.json({ token });
      expect(await fetchToken(endpoint, { fetch })()).not.toHaveProperty("expiresIn");
      const authFetch = createAuthFetch({ apiOrigin, getToken: fetchToken(endpoint, { fetch }), fetch });
      await expect(authFetch(`${apiOrigin}/tasks`)).rejects.toThrow(
        "getToken must resolve with { token, expiresIn }",
      );
    },
  );

  it("works with the token endpoint of Better Auth's own jwt()", async () => {
    const { auth } = await realAuth({ plugins: [jwt()] });
    const cookie = await signUp(auth);
    const fetch: typeof globalThis.fetch = async (input) =>
      auth.handler(new Request(input as URL, { headers: { cookie } }));
    const grant = await fetchToken(endpoint, { fetch })();
    expect(grant).toMatchObject({ token: expect.any(String), expiresIn: 900 });
  });

  it("gives null when nobody is signed in", async () => {
    const fetch = async () => new Response(null, { status: 401 });
    expect(await fetchToken(endpoint, { fetch })()).toBeNull();
  });

  it.each([403, 429, 500, 503])("throws the typed error for a %i", async (status) => {
    const fetch = async () => Response.json({ code: "CODE", message: "No." }, { status });
    await expect(fetchToken(endpoint, { fetch })()).rejects.toMatchObject({
      status,
      problem: { code: "CODE" },
    });
  });

  it("throws a NetworkError when no answer came back", async () => {
    const fetch = async () => Promise.reject(new TypeError("fetch failed"));
    await expect(fetchToken(endpoint, { fetch })()).rejects.toMatchObject({
      name: "NetworkError",
      message: "Could not reach https://app.test. Check the connection and try again.",
    });
  });

  it("that finds a page instead of a token fails the call in words", async () => {
    const fetch = async () => new Response("<h1>Hello</h1>");
    const authFetch = createAuthFetch({ apiOrigin, getToken: fetchToken(endpoint, { fetch }), fetch });
    await expect(authFetch(`${apiOrigin}/tasks`)).rejects.toMatchObject({
      name: "NetworkError",
      message: "The access token could not be fetched. Check the connection and try again.",
    });
  });
});

describe("the road from the session to the API", () => {
  it("carries the token that Better Auth has issued", async () => {
    const { auth } = await realAuth({ plugins: [plugin()] });
    const cookie = await signUp(auth);
    const credentials: (string | null)[] = [];
    const getToken = fetchToken(endpoint, {
      fetch: (input, init) => {
        const request = new Request(input, init);
        request.headers.set("cookie", cookie);
        return auth.handler(request);
      },
    });
    const authFetch = createAuthFetch({
      apiOrigin,
      getToken,
      fetch: async (_, init) => {
        credentials.push(new Headers(init?.headers).get("authorization"));
        return new Response();
      },
    });
    await authFetch(`${apiOrigin}/tasks`);
    const [scheme, token = ""] = credentials[0]?.split(" ") ?? [];
    expect(scheme).toBe("Bearer");
    expect(claimsOf(token)).toMatchObject({ iss: issuer, email: "ada@app.test" });
  });
});
