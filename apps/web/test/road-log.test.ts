import { afterEach, describe, expect, it, vi } from "vitest";
import { observedFetch } from "../lib/observed-fetch.ts";
import { RoadLog } from "../lib/road-log.ts";

const apiUrl = "https://api.example.test/v";
const header = { alg: "HS256", typ: "at+jwt" };
const part = (members: object) => Buffer.from(JSON.stringify(members)).toString("base64url");
const tokenOf = (jti: string) => `${part(header)}.${part({ sub: "ada", jti })}.c2lnbmF0dXJl`;

/** The log after one request that is answered with this. */
async function logOf(answer: Response, url: string, init: RequestInit = {}) {
  const log = new RoadLog();
  vi.stubGlobal("location", { href: "https://app.example.test/tasks" });
  vi.stubGlobal("fetch", async () => answer);
  const response = await observedFetch({ log, apiUrl, userId: "ada" })(url, init);
  await vi.waitUntil(() => log.events()[0]?.answer);
  return { log, response, event: log.events()[0] };
}

afterEach(() => vi.unstubAllGlobals());

describe("the log of the road", () => {
  it("notes template, token id and what the API tells of its verification, and leaves the answer to its reader", async () => {
    const answer = Response.json(
      { items: [] },
      {
        headers: {
          "X-Request-Id": "req-12345678",
          "Server-Timing": 'verify;desc="warm";dur=0.004, backend;desc="fastapi"',
        },
      },
    );
    const { response, event } = await logOf(answer, `${apiUrl}/api/ada/tasks/7/complete?x=1`, {
      headers: { Authorization: `Bearer ${tokenOf("one")}` },
    });
    expect(event).toMatchObject({
      kind: "call",
      method: "GET",
      route: "/api/{user_id}/tasks/{task_id}/complete",
      credential: "token",
      tokenId: "one",
      answer: {
        status: 200,
        requestId: "req-12345678",
        verification: { recognition: "warm", microseconds: 4, backend: "FastAPI" },
      },
    });
    expect(await response.json()).toEqual({ items: [] });
  });

  it("holds no token, neither one that was sent nor one that was given out", async () => {
    const token = tokenOf("two");
    const given = await logOf(Response.json({ token, expiresIn: 900 }), "/api/auth/token");
    expect(given.event).toMatchObject({
      kind: "token",
      route: "/api/auth/token",
      credential: "session",
      answer: { issued: { tokenId: "two", lifeSeconds: 900 } },
    });
    const sent = await logOf(
      Response.json({ code: "wrong_subject" }, { status: 403 }),
      `${apiUrl}/api/bob/tasks`,
      {
        headers: { Authorization: `Bearer ${token}` },
      },
    );
    expect(sent.event).toMatchObject({
      route: "/api/{another_user_id}/tasks",
      answer: { code: "wrong_subject" },
    });
    for (const log of [given.log, sent.log])
      for (const segment of token.split(".")) expect(JSON.stringify(log.events())).not.toContain(segment);
  });

  it("tells what the web application refused by itself from what the API refused", async () => {
    const byProxy = async (type: string) => {
      const answer = Response.json({ type, code: "unavailable" }, { status: 503 });
      return (await logOf(answer, `${apiUrl}/api/ada/tasks`)).event?.answer?.byProxy;
    };
    expect(await byProxy("urn:watchword:proxy:unavailable")).toBe(true);
    expect(await byProxy("urn:watchword:error:unavailable")).toBe(false);
  });

  it("tells several credentials, none and a failed request apart", async () => {
    const url = `${apiUrl}/api/ada/tasks`;
    const several = await logOf(Response.json({}, { status: 400 }), url, {
      headers: { Authorization: "Bearer a, Bearer b" },
    });
    expect(several.event?.credential).toBe("several");
    expect((await logOf(Response.json({}), url)).event?.credential).toBe("none");
    const log = new RoadLog();
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("offline");
    });
    await expect(observedFetch({ log, apiUrl, userId: "ada" })(url)).rejects.toThrow("offline");
    expect(log.events()[0]?.answer).toMatchObject({ status: 0, code: undefined });
  });

  it("keeps the forty newest, tells its listeners, and forgets on request", () => {
    const log = new RoadLog();
    let told = 0;
    const stop = log.subscribe(() => told++);
    for (let n = 1; n <= 45; n++)
      log.begin({ kind: "call", at: n, method: "GET", route: "/", credential: "none", tokenId: undefined });
    expect({ count: log.events().length, newest: log.events()[0]?.at, told }).toEqual({
      count: 40,
      newest: 45,
      told: 45,
    });
    stop();
    log.clear();
    expect({ count: log.events().length, told }).toEqual({ count: 0, told: 45 });
  });
});
