import { createRequire } from "node:module";
import * as abortController from "abort-controller";
import { afterEach, expect, it, vi } from "vitest";
import { createApiClient, createAuthFetch, fetchToken } from "../../src/client/index.ts";

afterEach(() => vi.unstubAllGlobals());

/** What React Native does not have, and an AbortController that is as its own: without a reason. */
function likeReactNative() {
  for (const name of ["DOMException", "BroadcastChannel", "Request", "performance"])
    vi.stubGlobal(name, undefined);
  class PlainSignal extends EventTarget {
    aborted = false;
  }
  vi.stubGlobal("AbortSignal", PlainSignal);
  vi.stubGlobal(
    "AbortController",
    class {
      readonly signal = new PlainSignal();
      abort() {
        this.signal.aborted = true;
        this.signal.dispatchEvent(new Event("abort"));
      }
    },
  );
}

it("calls work where there is only fetch, Headers, URL and AbortController", async () => {
  likeReactNative();
  const sent: unknown[] = [];
  const options = {
    getToken: async () => ({ token: "t1", expiresIn: 900 }),
    authClient: { $store: { listen: () => {} } },
    fetch: async (input: unknown, init?: RequestInit) => {
      sent.push([input, new Headers(init?.headers).get("authorization")]);
      return Response.json({ ok: true });
    },
  };
  const api = createApiClient({ baseUrl: "https://api.test", ...options });
  expect(await api.post("/x", { a: 1 })).toEqual({ ok: true });
  expect(sent).toEqual([["https://api.test/x", "Bearer t1"]]);
  const authFetch = createAuthFetch({ apiOrigin: "https://api.test", ...options });
  const leaving = new AbortController();
  leaving.abort();
  await expect(authFetch("https://api.test/x", { signal: leaving.signal })).rejects.toMatchObject({
    name: "AbortError",
  });
});

it("a call that waits for a token is given up where signals have no reason", async () => {
  likeReactNative();
  const authFetch = createAuthFetch({ apiOrigin: "https://api.test", getToken: () => new Promise(() => {}) });
  const leaving = new AbortController();
  const call = authFetch("https://api.test/x", { signal: leaving.signal });
  leaving.abort();
  await expect(call).rejects.toMatchObject({ name: "AbortError" });
  const cleared = authFetch("https://api.test/x");
  await Promise.resolve();
  authFetch.clear();
  await expect(cleared).rejects.toMatchObject({ name: "AbortError" });
});

/** React Native's own AbortController, the URL of react-native-url-polyfill, and none of what neither brings along. */
function onReactNative() {
  const urls = createRequire(import.meta.url)("whatwg-url-without-unicode") as { URL: typeof URL };
  for (const name of ["DOMException", "BroadcastChannel", "Request", "performance", "crypto", "atob"])
    vi.stubGlobal(name, undefined);
  for (const name of ["URLSearchParams", "TextDecoder", "TextEncoder", "structuredClone"])
    vi.stubGlobal(name, undefined);
  vi.stubGlobal("AbortController", abortController.AbortController);
  vi.stubGlobal("AbortSignal", abortController.AbortSignal);
  vi.stubGlobal("URL", urls.URL);
}

const tokenOf = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;

/** An API and a web application: who asked what, and under which request id. */
function reactNativeClient(answers: (() => Response)[] = []) {
  const calls: { url: string; token: string | null; id: string | null }[] = [];
  let asked = 0;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const [url, headers] = [String(input), new Headers(init?.headers)];
    if (url.startsWith("https://app.test/")) {
      asked += 1;
      return Response.json({ token: tokenOf({ sub: "ada", name: "Zoë", jti: asked, iat: 1000, exp: 1900 }) });
    }
    calls.push({ url, token: headers.get("authorization"), id: headers.get("x-request-id") });
    return answers.shift()?.() ?? Response.json({ ok: true });
  };
  let signal = () => {};
  const api = createApiClient({
    baseUrl: "https://api.test/v1",
    requestIds: true,
    authClient: { $store: { listen: (_, listener) => (signal = listener) } },
    getToken: fetchToken("https://app.test/api/auth/token", { fetch }),
    fetch,
  });
  return { api, calls, asked: () => asked, change: () => signal() };
}

it("calls work with React Native's AbortController and URL, without crypto and atob", async () => {
  onReactNative();
  const { api, calls } = reactNativeClient([
    () => new Response(null, { status: 401 }),
    () => Response.json({ id: 7 }),
  ]);
  expect(await api.get("/x", { query: { q: "a b&c" } })).toEqual({ id: 7 });
  expect(calls.map(({ url }) => url)).toEqual(Array(2).fill("https://api.test/v1/x?q=a%20b%26c"));
  expect(new Set(calls.map(({ token }) => token)).size).toBe(2);
  expect(calls[0]?.id).toMatch(/^[0-9a-f]{32}$/);
  expect(calls[1]?.id).toBe(calls[0]?.id);
});

it("a token is fetched anew on React Native once the session has changed", async () => {
  onReactNative();
  const { api, asked, change } = reactNativeClient();
  await api.get("/x");
  await api.get("/x");
  expect(asked()).toBe(1);
  change();
  await api.get("/x");
  expect(asked()).toBe(2);
});

it("a call is given up with React Native's signal, before and while it waits", async () => {
  onReactNative();
  const { api } = reactNativeClient();
  const gone = new AbortController();
  gone.abort();
  await expect(api.get("/x", { signal: gone.signal })).rejects.toMatchObject({ name: "AbortError" });
  const waiting = createAuthFetch({ apiOrigin: "https://api.test", getToken: () => new Promise(() => {}) });
  const leaving = new AbortController();
  const call = waiting("https://api.test/x", { signal: leaving.signal });
  leaving.abort();
  await expect(call).rejects.toMatchObject({ name: "AbortError" });
});
