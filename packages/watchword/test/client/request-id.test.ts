import { describe, expect, it } from "vitest";
import { type AuthFetchOptions, createAuthFetch, fetchToken } from "../../src/client/index.ts";
import { apiOrigin, unauthorized } from "./scripted-api.ts";

const endpoint = "https://app.test/api/auth/token";
const form = /^[A-Za-z0-9_-]{8,64}$/;

/** An `authFetch` over a token endpoint and an API, and the id that each request carried. */
function watched(options: Partial<AuthFetchOptions> = {}, answer: (nth: number) => Response = ok) {
  const seen: { readonly to: string; readonly id: string | null }[] = [];
  let calls = 0;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    seen.push({ to: new URL(request.url).origin, id: request.headers.get("x-request-id") });
    if (request.url === endpoint) return Response.json({ token: `t${seen.length}`, expiresIn: 900 });
    calls += 1;
    return answer(calls);
  };
  const getToken = fetchToken(endpoint, { fetch });
  return { seen, authFetch: createAuthFetch({ apiOrigin, getToken, fetch, requestIds: true, ...options }) };
}

function ok(): Response {
  return new Response("ok");
}

describe("the request id of a call", () => {
  it("is the same for the token that is fetched for it, and another for the next call", async () => {
    const { seen, authFetch } = watched();
    await authFetch(`${apiOrigin}/a`);
    await authFetch(`${apiOrigin}/b`);
    expect(seen.map(({ to }) => to)).toEqual(["https://app.test", apiOrigin, apiOrigin]);
    const [token, first, second] = seen.map(({ id }) => id);
    expect(first).toMatch(form);
    expect(token).toBe(first);
    expect(second).toMatch(form);
    expect(second).not.toBe(first);
  });

  it("stays when the call is sent again with another token", async () => {
    const { seen, authFetch } = watched({}, (nth) => (nth === 1 ? unauthorized() : ok()));
    await authFetch(`${apiOrigin}/a`);
    expect(seen).toHaveLength(4);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(1);
  });

  it("is the caller's own where that may stand in a log", async () => {
    const { seen, authFetch } = watched();
    await authFetch(`${apiOrigin}/a`, { headers: { "X-Request-Id": "request-0001" } });
    await authFetch(`${apiOrigin}/a`, { headers: { "X-Request-Id": "a b c d e f" } });
    expect(seen.map(({ id }) => id)).toEqual(["request-0001", "request-0001", expect.stringMatching(form)]);
  });

  it("goes to no other origin, and nowhere unless it is asked for", async () => {
    const { seen, authFetch } = watched();
    await authFetch("https://elsewhere.test/");
    const { seen: plain, authFetch: plainFetch } = watched({ requestIds: false });
    await plainFetch(`${apiOrigin}/a`);
    expect([...seen, ...plain].map(({ id }) => id)).toEqual([null, null, null]);
  });
});
