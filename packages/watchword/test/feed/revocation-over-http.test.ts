import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import type { FeedEvent } from "../../src/feed/revocation-events.ts";
import { createRevocationFeed } from "../../src/feed/revocation-feed.ts";
import type { Revocation } from "../../src/feed/revocation-list.ts";
import { feedAnswer } from "./scripted-feed.ts";

const key = "T6l6XuCzyGdtFocHUHqj7U9yo7-FR1-ifEXuHrVJVhM";
const patience = { timeout: 20_000, interval: 10 };

/** A feed with the platform's own fetch and timers, whose issuer answers so. */
async function followed(answering: RequestListener) {
  const server = createServer(answering);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const events: FeedEvent[] = [];
  const feed = createRevocationFeed({
    issuer: `http://127.0.0.1:${port}`,
    key,
    onEvent: (event) => void events.push(event),
  });
  onTestFinished(async () => {
    await feed.close();
    server.closeAllConnections();
    server.close();
  });
  return { feed, events };
}

test("a revocation is known as soon as the issuer tells it", async () => {
  let tell: ((body: string) => void) | undefined;
  const { feed } = await followed((request, response) => {
    const { searchParams } = new URL(request.url ?? "", "http://issuer");
    if (!searchParams.has("wait")) response.end(JSON.stringify(feedAnswer("c1")));
    else tell = (body) => response.end(body);
  });
  const told = new Promise<Revocation>((resolve) => feed.onRevocation(resolve));
  feed.start();
  await vi.waitFor(() => expect(tell).toBeDefined(), patience);
  const at = Math.floor(Date.now() / 1000);
  tell?.(JSON.stringify(feedAnswer("c2", { kind: "session", id: "session-1", at, until: at + 900 })));
  expect(await told).toMatchObject({ kind: "session", id: "session-1" });
  expect(feed.isRevoked({ userId: "u", sessionId: "session-1", issuedAt: at })).toBe(true);
});

test("an answer that ends before its length is none", async () => {
  const body = JSON.stringify(feedAnswer("c1"));
  const { feed, events } = await followed((_, response) => {
    response.writeHead(200, { "Content-Length": body.length + 1 });
    response.write(body, () => response.destroy());
  });
  feed.start();
  await vi.waitFor(() => expect(events.length).toBeGreaterThan(0), patience);
  await feed.close();
  expect(events).toMatchObject([{ name: "watchword.feed.failed", reason: "unreachable" }]);
  expect(feed.status().state).toBe("loading");
});

test("a redirect is a failure, its address is not asked, and caches on the way are told to ask the issuer", async () => {
  const asked: (readonly [path: string | undefined, cache: string | undefined])[] = [];
  const { feed, events } = await followed(({ url, headers }, response) => {
    asked.push([url, headers["cache-control"]]);
    response.writeHead(302, { Location: "/elsewhere" }).end(JSON.stringify(feedAnswer("c1")));
  });
  feed.start();
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(1), patience);
  await feed.close();
  expect(new Set(asked.map(String))).toEqual(new Set(["/api/auth/revocations,no-cache"]));
  expect(events).toMatchObject([{ name: "watchword.feed.failed", reason: "redirect" }]);
  expect(feed.status().state).toBe("loading");
});
