import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ConfigurationError, type FeedOptions } from "watchword";
import { configurationFrom } from "../src/configuration.ts";
import { JsonLog } from "../src/log.ts";
import { revocationFeed } from "../src/revocation.ts";
import { secret, startApi, type TestApi } from "./test-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const { revocation: settings } = configurationFrom({ BETTER_AUTH_SECRET: secret });

/** Follows an issuer that answers so, and gives the lines that it logs. */
function followed(fetch: FeedOptions["fetch"], erase = async (_: string) => {}) {
  const lines: Record<string, unknown>[] = [];
  const log = new JsonLog((line) => {
    const { timestamp: _, "service.name": __, ...told } = JSON.parse(line) as Record<string, unknown>;
    lines.push(told);
  });
  const given = { ...settings, issuer: "http://localhost:3000", ...(fetch && { fetch }) };
  return { feed: revocationFeed(given, { clock: api.clock, log, erase }), lines };
}

describe("the feed of revocations", () => {
  it("is followed unless the settings say none", () => {
    expect(settings).toMatchObject({
      url: "http://localhost:3000/api/auth/revocations",
      whenUnreachable: "closed",
    });
    expect(configurationFrom({ BETTER_AUTH_SECRET: secret, REVOCATION: "none" }).revocation).toBeUndefined();
    expect(() => configurationFrom({ BETTER_AUTH_SECRET: secret, REVOCATION: "on" })).toThrow(
      ConfigurationError,
    );
  });

  it("writes its events as lines of the log", async () => {
    const now = Math.floor(api.clock.now());
    const entries = [{ kind: "user", id: "ann", at: now, until: now + 1000, deleted: true }];
    const answer = JSON.stringify({ entries, cursor: "c1", more: false, now });
    const { feed, lines } = followed(async (url, init) => {
      if (!url.includes("wait=")) return new Response(answer);
      return new Promise<Response>((_, reject) => init.signal?.addEventListener("abort", reject));
    });
    feed.start();
    await vi.waitFor(() => expect(lines).toHaveLength(3));
    expect(lines).toEqual([
      { severity: "INFO", "event.name": "watchword.feed.revoked", "watchword.feed.count": 1 },
      {
        severity: "INFO",
        "event.name": "watchword.feed.state",
        "watchword.feed.state": "fresh",
        "watchword.feed.entries": 1,
      },
      { severity: "INFO", "event.name": "watchword.user.erased", "user.id": "ann" },
    ]);
    await feed.close();
  });

  it("says at the first token that is refused for it what to set, once", async () => {
    const { feed, lines } = followed(() => Promise.reject(new TypeError("fetch failed")));
    feed.start();
    await vi.waitFor(() => expect(lines).toHaveLength(1));
    for (const _ of "twice") expect(() => feed.isRevoked({ userId: "ann", claims: {} } as never)).toThrow();
    expect(lines).toEqual([
      { severity: "WARN", "event.name": "watchword.feed.failed", "watchword.reason": "unreachable" },
      {
        severity: "WARN",
        "event.name": "watchword.feed.missing",
        "watchword.message": expect.stringMatching(
          /^The revocation feed at http.*\/api\/auth\/revocations has not answered yet.*REVOCATION=none/,
        ),
      },
    ]);
    await feed.close();
  });
});

describe("a user whose account is gone", () => {
  it("leaves no rows", async () => {
    for (const user of ["ann", "bob"]) {
      await api.as(user, "POST", `/api/${user}/tasks`, { title: "t" });
      await api.as(user, "GET", "/api/v1/users/me");
    }
    await api.database.owned.erase("ann");
    const totals = ["ann", "bob"].map(async (user) =>
      (await api.as(user, "GET", `/api/${user}/tasks`)).json(),
    );
    expect(await Promise.all(totals)).toMatchObject([{ total: 0 }, { total: 1 }]);
    const left = await api.database.owned.readingAllOwners((all) =>
      all.select("profiles").select("id").execute(),
    );
    expect(left).toEqual([{ id: "bob" }]);
  });
});
