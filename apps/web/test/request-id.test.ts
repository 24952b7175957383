import { expect, it } from "vitest";
import { identified } from "../lib/request-id.ts";

const url = "http://localhost:3000/api/auth/token";

/** The id that the handler was given and the one that the answer tells. */
async function idsOf(headers: Record<string, string>) {
  let seen: string | null = null;
  const handler = identified(async (request) => {
    seen = request.headers.get("x-request-id");
    return Response.json({ cookie: request.headers.get("cookie"), body: await request.text() });
  });
  const answer = await handler(new Request(url, { method: "POST", headers, body: "{}" }));
  expect(await answer.json()).toEqual({ cookie: headers["cookie"] ?? null, body: "{}" });
  return [seen, answer.headers.get("x-request-id")];
}

it("a request keeps an id that may stand in a log, its cookie and its body", async () => {
  const headers = { "x-request-id": "request-0001", cookie: "a=b" };
  expect(await idsOf(headers)).toEqual(["request-0001", "request-0001"]);
});

it.each([{}, { "x-request-id": "a b c d e f" }])("a request with %j gets a new id", async (headers) => {
  const [seen, told] = await idsOf(headers);
  expect(seen).toMatch(/^[0-9a-f-]{36}$/);
  expect(told).toBe(seen);
});
