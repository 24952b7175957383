import { describe, expect, it } from "vitest";
import { browserFetch } from "../lib/browser-fetch.ts";
import { pathUserId } from "../lib/path-user-id.ts";

describe("a user id in an address", () => {
  it.each(["", ".", "..", "a/b", "../x", "a\\b", "a?b", "a#b", "%2e%2e", "a\u0000", "a\r\nb"])(
    "ISO-153: %j is refused before anything is sent",
    (userId) => {
      expect(() => pathUserId(userId)).toThrow(TypeError);
    },
  );

  it.each(["abc", "a b", "ä", "a:b@c", "...", "a+b"])(
    "ISO-153: %j stays one segment once it is encoded",
    (userId) => {
      const url = new URL(`https://api.test/api/${encodeURIComponent(pathUserId(userId))}/tasks`);
      expect(url.pathname.split("/")).toHaveLength(4);
      expect(decodeURIComponent(url.pathname.split("/")[2] ?? "")).toBe(userId);
    },
  );
});

describe("browserFetch", () => {
  const options = {
    userId: "ada",
    onOtherUser: () => {},
    getToken: async () => ({ token: "t", expiresIn: 900 }),
  };

  it("sends a token to the API, and none to the proxy on the own origin", async () => {
    const sent: Headers[] = [];
    const fetch: typeof globalThis.fetch = async (input, init) => {
      sent.push(new Headers(init?.headers ?? (input as Request).headers));
      return new Response("{}");
    };
    await browserFetch({ ...options, fetch, apiUrl: "https://api.test" })("https://api.test/x");
    expect(sent[0]?.get("authorization")).toBe("Bearer t");
    const own = globalThis.location;
    globalThis.location = new URL("https://app.test/tasks") as unknown as Location;
    try {
      await browserFetch({ ...options, fetch, apiUrl: "/api/bff" })("https://app.test/api/bff/x");
    } finally {
      globalThis.location = own;
    }
    expect(["authorization", "x-watchword", "x-watchword-user"].map((name) => sent[1]?.get(name))).toEqual([
      null,
      "1",
      "ada",
    ]);
  });
});
