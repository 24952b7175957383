import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemOf, startApi, type TestApi } from "../test-api.ts";

type Body = NonNullable<RequestInit["body"]>;

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const create = (body: Body, contentType: string | null = "application/json") =>
  api.fetch("/api/ada/tasks", {
    method: "POST",
    headers: {
      Authorization: `Bearer ${api.tokenOf("ada")}`,
      ...(contentType === null ? {} : { "Content-Type": contentType }),
    },
    body,
  });
const bytes = (...values: number[]) => new Uint8Array(values);
const nested = (depth: number) => `{"title":"t","more":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;

describe("the body as bytes", () => {
  it.each([
    ["application/json"],
    ["Application/JSON"],
    ["application/json; charset=utf-8"],
    ['application/json ;charset="UTF-8"'],
  ])("accepts Content-Type %s", async (contentType) => {
    expect((await create('{"title":"t"}', contentType)).status).toBe(201);
  });

  it.each([
    ["text/plain"],
    ["application/merge-patch+json"],
    ["application/jsonx"],
    ["application/json; charset=utf-16"],
    ["application/json; profile=x"],
    ["application/json, text/plain"],
    ["application/x-www-form-urlencoded"],
  ])("refuses Content-Type %s with 415", async (contentType) => {
    expect(await problemOf(await create('{"title":"t"}', contentType))).toMatchObject({
      status: 415,
      code: "unsupported_media_type",
    });
  });

  it("refuses a body without a Content-Type with 415", async () => {
    expect((await create(new TextEncoder().encode('{"title":"t"}'), null)).status).toBe(415);
  });

  it.each<[string, Body]>([
    ["nothing", ""],
    ["white space", " \n"],
    ["half an object", '{"title":'],
    ["two documents", '{"title":"t"}{}'],
    ["single quotes", "{'title':'t'}"],
    ["NaN", '{"title":"t","more":NaN}'],
    ["Infinity", '{"title":"t","more":-Infinity}'],
    ["a trailing comma", '{"title":"t",}'],
    ["a byte order mark", '\ufeff{"title":"t"}'],
    ["bytes that are not UTF-8", bytes(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)],
    ["UTF-16", Buffer.from('{"title":"t"}', "utf16le")],
    ["33 levels", nested(33)],
    ["a hundred thousand opening brackets cut short", "[".repeat(60_000)],
  ])("refuses %s with 400", async (_name, body) => {
    expect(await problemOf(await create(body))).toMatchObject({ status: 400, code: "malformed_body" });
  });

  it("accepts 32 levels", async () => {
    expect((await create(nested(32))).status).toBe(201);
  });

  it("does not count brackets inside of texts as levels", async () => {
    expect((await create(JSON.stringify({ title: `\\"${"[".repeat(100)}` }))).status).toBe(201);
  });

  it("counts the last value of a repeated member", async () => {
    const task = await (await create('{"title":"first","title":"second"}')).json();
    expect(task).toMatchObject({ title: "second" });
  });

  it("accepts exactly 65536 bytes", async () => {
    const body = '{"title":"t","more":""}';
    expect((await create(body.replace('""', `"${"x".repeat(65_536 - body.length)}"`))).status).toBe(201);
  });

  it("refuses 65537 bytes that come without a length", async () => {
    const stream = new Blob(["x".repeat(65_537)]).stream();
    const response = await fetch(`http://127.0.0.1:${api.port}/api/ada/tasks`, {
      method: "POST",
      headers: { Authorization: `Bearer ${api.tokenOf("ada")}`, "Content-Type": "application/json" },
      body: stream,
      duplex: "half",
    } as RequestInit);
    expect(await problemOf(response)).toMatchObject({ status: 413, code: "body_too_large" });
  });

  it("refuses a great length before the body has come, and ends the connection", async () => {
    const answer = await api.raw(
      `POST /api/ada/tasks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${api.tokenOf("ada")}\r\nContent-Type: application/json\r\nContent-Length: 50000000\r\n\r\n`,
    );
    expect(answer.status).toBe(413);
  });

  it("refuses a body without a token before it has come, and ends the connection", async () => {
    const answer = await api.raw(
      "POST /api/ada/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50000\r\n\r\n",
    );
    expect(answer.status).toBe(401);
  });

  it("answers a malformed chunked body with 400", async () => {
    const answer = await api.raw(
      `POST /api/ada/tasks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${api.tokenOf("ada")}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
    );
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ code: "malformed_request" });
  });
});

describe("Expect: 100-continue", () => {
  const head = (authorization: string) =>
    `POST /api/ada/tasks HTTP/1.1\r\nHost: x\r\n${authorization}Content-Type: application/json\r\nContent-Length: 13\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`;

  it("refuses a request without a token, without asking for its body", async () => {
    const answer = await api.raw(head(""));
    expect(answer.head).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer.head).toContain("Connection: close");
  });

  it("asks for the body of a good request and reads it", async () => {
    const answer = await api.raw(`${head(`Authorization: Bearer ${api.tokenOf("ada")}\r\n`)}{"title":"t"}`);
    expect(answer.head).toBe("HTTP/1.1 100 Continue");
    expect(answer.body).toMatch(/^HTTP\/1\.1 201 /);
  });
});
