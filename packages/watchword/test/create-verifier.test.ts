import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { createVerifier } from "../src/feed/create-verifier.ts";
import { mintToken } from "../src/testing/index.ts";

const secret = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa";
const names = ["BETTER_AUTH_SECRET", "BETTER_AUTH_SECRETS", "BETTER_AUTH_URL", "API_AUDIENCE", "JWKS_URL"];

beforeEach(() => {
  for (const name of [...names, "WATCHWORD_KEY", "WATCHWORD_KEYS", "REVOCATION", "WATCHWORD_FEED_SECRET"])
    vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

describe("createVerifier() without options", () => {
  test("reads the environment, and follows no feed where none is named", async () => {
    vi.stubEnv("BETTER_AUTH_SECRET", secret);
    const verifier = createVerifier();
    expect((await verifier.verify(mintToken({ secret }))).userId).toBe("user_1");
    expect(verifier.revocation).toBe("none");
    await verifier.close();
  });

  test("throws for settings that cannot be right", () => {
    expect(() => createVerifier()).toThrow(expect.objectContaining({ code: "misconfigured" }));
  });

  test("asks no feed where the keys of the verifier cannot be right", () => {
    vi.stubEnv("REVOCATION", "feed");
    vi.stubEnv("WATCHWORD_FEED_SECRET", secret);
    const asked = vi.fn();
    vi.stubGlobal("fetch", asked);
    expect(() => createVerifier()).toThrow("BETTER_AUTH_SECRET is not set");
    expect(asked).not.toHaveBeenCalled();
  });

  test("follows the feed that the environment names, until it is closed", async () => {
    vi.stubEnv("BETTER_AUTH_SECRET", secret);
    vi.stubEnv("REVOCATION", "feed");
    const held: AbortSignal[] = [];
    vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
      if (new URL(url).searchParams.has("after")) {
        held.push(init.signal as AbortSignal);
        return new Promise(() => {});
      }
      const now = Math.floor(Date.now() / 1000);
      const entries = [{ kind: "session", id: "ended", at: now, until: now + 900 }];
      return Response.json({ entries, cursor: "c1", more: false, now });
    });
    const verifier = createVerifier();
    onTestFinished(() => verifier.close());
    expect(verifier.revocation).toBe("feed");
    await vi.waitFor(() => expect(held).toHaveLength(1));
    expect((await verifier.verify(mintToken({ secret, sid: "open" }))).sessionId).toBe("open");
    await expect(verifier.verify(mintToken({ secret, sid: "ended" }))).rejects.toMatchObject({
      code: "revoked",
    });
    await verifier.close();
    expect(held.map(({ aborted }) => aborted)).toEqual([true]);
  });
});
