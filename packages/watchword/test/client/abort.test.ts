import { describe, expect, it } from "vitest";
import type { TokenGrant } from "../../src/client/index.ts";
import { apiOrigin, deferred, scripted, settled } from "./scripted-api.ts";

const url = `${apiOrigin}/tasks`;

describe("an abort signal", () => {
  it("that has fired already sends nothing and asks for no token", async () => {
    const { authFetch, sent, asked } = scripted();
    await expect(authFetch(url, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: "AbortError",
    });
    expect([sent, asked()]).toEqual([[], 0]);
  });

  it("ends one waiting call and leaves the shared refresh to the others", async () => {
    const grant = deferred<TokenGrant>();
    const { authFetch, sent, asked } = scripted({ grant: () => grant.promise });
    const leaving = new AbortController();
    const aborted = authFetch(url, { signal: leaving.signal });
    const staying = authFetch(url);
    await settled();
    leaving.abort();
    await expect(aborted).rejects.toMatchObject({ name: "AbortError" });
    grant.resolve({ token: "t1", expiresIn: 900 });
    expect((await staying).status).toBe(200);
    expect([sent, asked()]).toEqual([["t1"], 1]);
  });

  it("of every waiting call still lets the token arrive for the next one", async () => {
    const grant = deferred<TokenGrant>();
    const { authFetch, asked } = scripted({ grant: () => grant.promise });
    const leaving = new AbortController();
    const aborted = authFetch(url, { signal: leaving.signal });
    leaving.abort();
    await expect(aborted).rejects.toMatchObject({ name: "AbortError" });
    grant.resolve({ token: "t1", expiresIn: 900 });
    await settled();
    await authFetch(url);
    expect(asked()).toBe(1);
  });

  it("gives its own reason, also in mid-flight", async () => {
    const reason = new Error("the page was left");
    const leaving = new AbortController();
    const { authFetch } = scripted({
      answer: (_, request) =>
        new Promise((_resolve, reject) => {
          request.signal.addEventListener("abort", () => reject(request.signal.reason));
        }),
    });
    const call = authFetch(url, { signal: leaving.signal });
    await settled();
    leaving.abort(reason);
    await expect(call).rejects.toBe(reason);
  });

  it("of a Request input counts as well", async () => {
    const { authFetch, sent } = scripted();
    const request = new Request(url, { signal: AbortSignal.abort() });
    await expect(authFetch(request)).rejects.toMatchObject({ name: "AbortError" });
    expect(sent).toEqual([]);
  });

  it("of a Request input is lifted by signal: null, as in fetch", async () => {
    const { authFetch, sent } = scripted();
    const request = new Request(url, { signal: AbortSignal.abort() });
    await authFetch(request, { signal: null });
    expect(sent).toEqual(["t1"]);
  });
});
