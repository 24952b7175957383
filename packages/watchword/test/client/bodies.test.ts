import { describe, expect, it } from "vitest";
import { createAuthFetch } from "../../src/client/index.ts";
import { localServer } from "./local-server.ts";

/** A real API that takes only the second token, so that every call that can be repeated is. */
async function pickyApi() {
  const { origin, arrived } = await localServer(({ authorization }, response) => {
    response.writeHead(authorization === "Bearer t1" ? 401 : 200).end("done");
  });
  let asked = 0;
  const getToken = async () => {
    asked += 1;
    return { token: `t${asked}`, expiresIn: 900 };
  };
  return { url: `${origin}/tasks`, arrived, authFetch: createAuthFetch({ apiOrigin: origin, getToken }) };
}

function streamOf(text: string): ReadableStream<Uint8Array> {
  return new Blob([text]).stream();
}

describe("a body is sent again after a 401", () => {
  const form = new FormData();
  form.set("title", "milk");

  it.each<[string, BodyInit | null | undefined, string | undefined, string | RegExp]>([
    ["text", '{"title":"milk"}', "text/plain;charset=UTF-8", '{"title":"milk"}'],
    ["an empty text", "", "text/plain;charset=UTF-8", ""],
    ["null", null, undefined, ""],
    ["undefined", undefined, undefined, ""],
    ["the number 0", 0 as unknown as string, "text/plain;charset=UTF-8", "0"],
    ["false", false as unknown as string, "text/plain;charset=UTF-8", "false"],
    [
      "URLSearchParams",
      new URLSearchParams({ a: "1" }),
      "application/x-www-form-urlencoded;charset=UTF-8",
      "a=1",
    ],
    ["bytes", new Uint8Array([104, 105]), undefined, "hi"],
    ["a Blob", new Blob(["hi"], { type: "text/csv" }), "text/csv", "hi"],
  ])("as %s", async (_, body, contentType, expected) => {
    const { authFetch, url, arrived } = await pickyApi();
    const response = await authFetch(url, { method: "POST", ...(body === undefined ? {} : { body }) });
    expect(await response.text()).toBe("done");
    expect(arrived.map(({ authorization }) => authorization)).toEqual(["Bearer t1", "Bearer t2"]);
    for (const one of arrived) expect(one).toMatchObject({ method: "POST", contentType, body: expected });
  });

  it("as FormData, with a boundary that fits", async () => {
    const { authFetch, url, arrived } = await pickyApi();
    await authFetch(url, { method: "POST", body: form });
    expect(arrived).toHaveLength(2);
    for (const { contentType, body } of arrived) {
      const boundary = contentType?.match(/^multipart\/form-data; boundary=(.+)$/)?.[1];
      expect(body).toContain(`--${boundary}\r\nContent-Disposition: form-data; name="title"\r\n\r\nmilk`);
    }
  });

  it("as a Request, which is used up afterwards as by fetch", async () => {
    const { authFetch, url, arrived } = await pickyApi();
    const request = new Request(url, { method: "PUT", body: "hi", headers: { "content-type": "text/csv" } });
    await authFetch(request);
    expect(arrived.map(({ method, body, contentType }) => [method, body, contentType])).toEqual([
      ["PUT", "hi", "text/csv"],
      ["PUT", "hi", "text/csv"],
    ]);
    expect(request.bodyUsed).toBe(true);
    await expect(authFetch(request)).rejects.toBeInstanceOf(TypeError);
  });

  it("and a Request that was accepted at once is used up too", async () => {
    const { authFetch, url } = await pickyApi();
    await authFetch(url);
    const request = new Request(url, { method: "PUT", body: "hi" });
    await authFetch(request);
    expect(request.bodyUsed).toBe(true);
  });
});

describe("a stream", () => {
  it("is sent once, and a 401 is final", async () => {
    const { authFetch, url, arrived } = await pickyApi();
    const call = authFetch(url, { method: "POST", body: streamOf("read once") });
    expect((await call).status).toBe(401);
    expect(arrived.map(({ authorization, body }) => [authorization, body])).toEqual([
      ["Bearer t1", "read once"],
    ]);
  });

  it("leaves no refused token behind for the next call", async () => {
    const { authFetch, url, arrived } = await pickyApi();
    expect((await authFetch(url, { method: "POST", body: streamOf("a") })).status).toBe(401);
    const response = await authFetch(url, { method: "POST", body: streamOf("b"), duplex: "half" });
    expect(response.status).toBe(200);
    expect(arrived.map(({ authorization }) => authorization)).toEqual(["Bearer t1", "Bearer t2"]);
  });

  it("made of an async iterable is one too", async () => {
    const { authFetch, url, arrived } = await pickyApi();
    const body = (async function* () {
      yield new TextEncoder().encode("piece by piece");
    })() as unknown as BodyInit;
    expect((await authFetch(url, { method: "POST", body })).status).toBe(401);
    expect(arrived.map(({ body: text }) => text)).toEqual(["piece by piece"]);
  });

  it("comes back as a stream", async () => {
    const { authFetch, url } = await pickyApi();
    const response = await authFetch(url);
    const pieces: Uint8Array[] = [];
    for await (const piece of response.body ?? []) pieces.push(piece as Uint8Array);
    expect(Buffer.concat(pieces).toString()).toBe("done");
  });
});

describe("input and init are merged as by fetch", () => {
  it("init's headers replace the Request's", async () => {
    const { authFetch, url, arrived } = await pickyApi();
    const request = new Request(url, { method: "POST", body: "a", headers: { "content-type": "text/csv" } });
    await authFetch(request, { headers: [["content-type", "text/html"]], body: "b", method: "PATCH" });
    expect(arrived.at(-1)).toMatchObject({ method: "PATCH", body: "b", contentType: "text/html" });
  });

  it("a Request as init lends its members to another URL", async () => {
    const { authFetch, url, arrived } = await pickyApi();
    await authFetch(
      `${url}/2`,
      new Request(url, { method: "DELETE", headers: { "content-type": "text/csv" } }),
    );
    expect(arrived.at(-1)).toMatchObject({ method: "DELETE", path: "/tasks/2", contentType: "text/csv" });
  });

  it("the caller's Headers object is left as it was", async () => {
    const { authFetch, url } = await pickyApi();
    const headers = new Headers({ "x-mine": "1" });
    await authFetch(url, { headers });
    expect([...headers]).toEqual([["x-mine", "1"]]);
  });
});
