import { describe, expect, it } from "vitest";
import { createAuthFetch } from "../../src/client/index.ts";
import { localServer } from "./local-server.ts";

describe("a redirect", () => {
  async function api(target: () => string, status = 307) {
    let asked = 0;
    const server = await localServer(({ path }, response) => {
      if (path === "/away") response.writeHead(status, { location: target() }).end();
      else response.end("arrived");
    });
    const authFetch = createAuthFetch({
      apiOrigin: server.origin,
      getToken: async () => {
        asked += 1;
        return { token: `t${asked}`, expiresIn: 900 };
      },
    });
    return { ...server, authFetch, asked: () => asked };
  }

  it.each([301, 302, 303, 307, 308])("(%i) to another origin arrives without the token", async (status) => {
    const elsewhere = await localServer((_, response) => response.end("elsewhere"));
    const { authFetch, origin, arrived } = await api(() => `${elsewhere.origin}/trap`, status);
    const response = await authFetch(`${origin}/away`);
    expect(await response.text()).toBe("elsewhere");
    expect(arrived.map(({ authorization }) => authorization)).toEqual(["Bearer t1"]);
    expect(elsewhere.arrived.map(({ path, authorization }) => [path, authorization])).toEqual([
      ["/trap", undefined],
    ]);
  });

  it("to another origin that answers 401 asks for no new token", async () => {
    const elsewhere = await localServer((_, response) => response.writeHead(401).end());
    const { authFetch, origin, asked } = await api(() => `${elsewhere.origin}/trap`);
    expect((await authFetch(`${origin}/away`)).status).toBe(401);
    expect(asked()).toBe(1);
    expect(elsewhere.arrived).toHaveLength(1);
  });

  it("within the API keeps the token", async () => {
    const { authFetch, origin, arrived } = await api(() => "/here");
    await authFetch(`${origin}/away`);
    expect(arrived.map(({ path, authorization }) => [path, authorization])).toEqual([
      ["/away", "Bearer t1"],
      ["/here", "Bearer t1"],
    ]);
  });

  it("that the caller wants to see is given back as it is", async () => {
    const { authFetch, origin } = await api(() => "/here");
    const response = await authFetch(`${origin}/away`, { redirect: "manual" });
    expect([response.status, response.headers.get("location")]).toEqual([307, "/here"]);
  });
});

describe("a real connection", () => {
  it("that is refused is a NetworkError", async () => {
    const authFetch = createAuthFetch({ apiOrigin: "http://127.0.0.1:1", getToken: async () => null });
    await expect(authFetch("http://127.0.0.1:1/")).rejects.toMatchObject({ name: "NetworkError" });
  });

  it("whose caller leaves while the answer is awaited ends with the caller's reason", async () => {
    const leaving = new AbortController();
    const { origin } = await localServer(() => leaving.abort());
    const authFetch = createAuthFetch({ apiOrigin: origin, getToken: async () => null });
    const thrown = await authFetch(origin, { signal: leaving.signal }).catch((error: unknown) => error);
    expect(thrown).toBe(leaving.signal.reason);
    expect(thrown).toMatchObject({ name: "AbortError" });
  });

  it("answers 204 without a body", async () => {
    const { origin } = await localServer((_, response) => response.writeHead(204).end());
    const authFetch = createAuthFetch({ apiOrigin: origin, getToken: async () => null });
    const response = await authFetch(`${origin}/1`, { method: "DELETE" });
    expect([response.status, response.body, await response.text()]).toEqual([204, null, ""]);
  });
});
