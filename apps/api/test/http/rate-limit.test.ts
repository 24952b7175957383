import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { fixedClock } from "watchword/testing";
import { FailureLimit } from "../../src/http/rate-limit.ts";
import { startApi, type TestApi } from "../test-api.ts";

describe("FailureLimit", () => {
  it("lets the bound pass and tells the wait afterwards", () => {
    const limit = new FailureLimit(2, fixedClock(1000));
    expect([limit.count("192.0.2.1"), limit.count("192.0.2.1"), limit.count("192.0.2.1")]).toEqual([
      0, 0, 60,
    ]);
  });

  it("starts again when the minute of the first failure is over", () => {
    const clock = fixedClock(1000);
    const limit = new FailureLimit(1, clock);
    limit.count("192.0.2.1");
    clock.advance(59.5);
    expect(limit.count("192.0.2.1")).toBe(1);
    clock.advance(0.5);
    expect(limit.count("192.0.2.1")).toBe(0);
  });

  it("counts each IPv4 address apart, however it is written", () => {
    const limit = new FailureLimit(1, fixedClock(1000));
    expect([limit.count("192.0.2.1"), limit.count("192.0.2.2"), limit.count("::ffff:192.0.2.1")]).toEqual([
      0, 0, 60,
    ]);
  });

  it("counts an IPv6 network of /64 as one", () => {
    const limit = new FailureLimit(1, fixedClock(1000));
    expect(limit.count("2001:db8::1")).toBe(0);
    expect(limit.count("2001:db8:0:0:ffff::2")).toBe(60);
    expect(limit.count("2001:db8:0:1::1")).toBe(0);
    expect(limit.count("fe80::1%eth0")).toBe(0);
    expect(limit.count("fe80::2%eth1")).toBe(60);
  });
});

describe("failed credentials", () => {
  let api: TestApi | undefined;
  const bad = { Authorization: "Bearer nonsense" };
  const fail = (headers: Record<string, string> = bad) => api?.fetch("/api/ada/tasks", { headers });

  beforeEach(async () => {
    await api?.close();
    api = await startApi({ authFailuresPerMinute: 2 });
  });
  afterAll(() => api?.close());

  it("are answered 429 with Retry-After past the bound", async () => {
    await fail();
    await fail();
    const response = await fail();
    expect(response?.status).toBe(429);
    expect(response?.headers.get("retry-after")).toBe("60");
    expect(response?.headers.get("www-authenticate")).toBeNull();
    expect(await response?.json()).toMatchObject({ code: "rate_limited" });
  });

  it("do not stand against a good token", async () => {
    for (let count = 0; count < 5; count += 1) await fail();
    expect((await api?.as("ada", "GET", "/api/ada/tasks"))?.status).toBe(200);
  });

  it("are not counted where no credential was sent", async () => {
    for (let count = 0; count < 5; count += 1) await fail({});
    expect((await fail({}))?.status).toBe(401);
    expect((await fail())?.status).toBe(401);
  });

  it("are not counted for another user's URL", async () => {
    for (let count = 0; count < 5; count += 1) await api?.as("ada", "GET", "/api/bob/tasks");
    expect((await fail())?.status).toBe(401);
  });
});
