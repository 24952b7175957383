import { afterEach, expect, it, vi } from "vitest";
import { createApiClient, createAuthFetch } from "../../src/client/index.ts";

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
