import { beforeEach, expect, it } from "vitest";
import { type ApiCaller, type Task, taskOf, tasksOf, type User } from "../support/api-caller.ts";
import { expectFaults, expectRefusal } from "../support/conformance.ts";
import { httpDefaults } from "../support/contract.ts";
import { RawConnection } from "../support/raw-request.ts";
import { describeBackends } from "../support/suite.ts";

const maxBytes = httpDefaults.max_body_bytes.value;

describeBackends("a body is read strictly or refused whole", (api: ApiCaller) => {
  let ann: User;
  let task: Task;
  const post = (body: string | Uint8Array, type: string | undefined = "application/json") =>
    api.ask("POST", tasksOf(ann), {
      token: ann.token,
      headers: type === "" ? [] : [["Content-Type", type]],
      body,
    });

  beforeEach(async () => {
    ann = api.user();
    task = await api.addTask(ann);
  });

  const nothingWritten = async () => {
    const list = await api.listTasks(ann);
    expect(list.items).toEqual([task]);
  };

  it.each([
    "application/json",
    "Application/JSON",
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    "application/json ; charset=utf-8",
    'application/json; charset="utf-8"',
  ])("the type %s is read", async (type) => {
    expect((await post('{"title":"x"}', type)).status).toBe(201);
  });

  it.each([
    "",
    "text/plain",
    "text/json",
    "application/xml",
    "application/jsonp",
    "application/json5",
    "application/problem+json",
    "application/x-www-form-urlencoded",
    "application/json; charset=utf-16",
    "application/json; charset=iso-8859-1",
    "application/json, text/plain",
    "json",
    "*/*",
    "application/*",
    "application/json; boundary=x",
  ])("the type %j is 415", async (type) => {
    expectRefusal(await post('{"title":"x"}', type), "unsupported_media_type");
    await nothingWritten();
  });

  it("two types are 415, also when they say the same", async () => {
    const json = ["Content-Type", "application/json"] as const;
    for (const other of ["application/json", "Application/JSON; charset=utf-8", "text/plain"])
      for (const headers of [
        [json, ["Content-Type", other]],
        [["content-type", other], json],
      ] as const)
        expectRefusal(
          await api.ask("POST", tasksOf(ann), { token: ann.token, headers, body: '{"title":"x"}' }),
          "unsupported_media_type",
        );
    await nothingWritten();
  });

  const unreadable: readonly (readonly [what: string, body: string | Uint8Array])[] = [
    ["nothing", ""],
    ["white space only", "  "],
    ["an unfinished object", "{bad"],
    ["an object cut off", '{"title":"x"'],
    ["an object and more", '{"title":"x"} x'],
    ["two objects", '{"title":"x"}{"title":"y"}'],
    ["a trailing comma", '{"title":"x",}'],
    ["single quotes", "{'title':'x'}"],
    ["a bare name", '{title:"x"}'],
    ["a comment", '{"title":"x"/**/}'],
    ["NaN", '{"title":"x","a":NaN}'],
    ["Infinity", '{"title":"x","a":Infinity}'],
    ["-Infinity", '{"title":"x","a":-Infinity}'],
    ["a number with a leading zero", '{"title":"x","a":01}'],
    ["a number with a plus", '{"title":"x","a":+1}'],
    ["a number that ends in a dot", '{"title":"x","a":1.}'],
    ["a line break inside of text", '{"title":"x\ny"}'],
    ["a tab inside of text", '{"title":"x\ty"}'],
    ["U+0000 inside of text", '{"title":"x\u0000y"}'],
    ["an unknown escape", '{"title":"\\x41"}'],
    ["a short escape", '{"title":"\\u12"}'],
    ["a byte order mark", '\ufeff{"title":"x"}'],
    ["bytes that are not UTF-8", Buffer.from('{"title":"\xff"}', "latin1")],
    ["an overlong encoding", Buffer.from('{"title":"\xc0\xaf"}', "latin1")],
    ["an encoded surrogate", Buffer.from('{"title":"\xed\xa0\x80"}', "latin1")],
    ["UTF-16", Buffer.from('{"title":"x"}', "utf16le")],
    ["UTF-16 with a byte order mark", Buffer.from('\ufeff{"title":"x"}', "utf16le")],
    ["an object 33 levels deep", `${'{"a":'.repeat(33)}1${"}".repeat(33)}`],
    ["a list 33 levels deep", `${"[".repeat(33)}${"]".repeat(33)}`],
    ["ten thousand open brackets", "[".repeat(10_000)],
    ["thirty thousand nested lists", `${"[".repeat(30_000)}${"]".repeat(30_000)}`],
    ["a form", "title=x"],
    ["no-break space around", '\u00a0{"title":"x"}'],
    ["a form feed around", '\f{"title":"x"}'],
  ];
  it.each(unreadable)("%s is 400", async (_what, body) => {
    expectRefusal(await post(body), "malformed_body");
    await nothingWritten();
  });

  it("32 levels are read", async () => {
    const body = `{"title":"x","a":${"[".repeat(31)}${"]".repeat(31)}}`;
    expect((await post(body)).status).toBe(201);
  });

  it("white space around and inside is no fault", async () => {
    expect((await post(' \t\r\n{ "title" :\n"x" }\r\n')).status).toBe(201);
  });

  it("great and fractional numbers in unknown members are no fault", async () => {
    expect((await post(`{"title":"x","a":1e400,"b":-0.0,"c":${"9".repeat(5000)}}`)).status).toBe(201);
  });

  it("the last of repeated members counts", async () => {
    expect((await post('{"title":7,"title":"last"}')).json()).toMatchObject({ title: "last" });
    expectFaults(await post('{"title":"first","title":7}'), "body /title invalid_type");
  });

  it("escapes in names and texts are resolved", async () => {
    expect((await post('{"\\u0074itle":"\\ud83d\\ude00\\u00e9\\/\\n"}')).json()).toMatchObject({
      title: "\u{1f600}\u00e9/\n",
    });
  });

  it(`a body of ${maxBytes} bytes is read, one more is 413`, async () => {
    const of = (bytes: number) => `{"title":"x"}${" ".repeat(bytes - 13)}`;
    expect((await post(of(maxBytes))).status).toBe(201);
    expectRefusal(await post(of(maxBytes + 1)), "body_too_large");
    expect((await api.listTasks(ann)).total).toBe(2);
  });

  it("the size is looked at before the type, and the type before the content", async () => {
    expectRefusal(await post("x".repeat(70_000), "text/plain"), "body_too_large");
    expectRefusal(await post("{bad", "text/plain"), "unsupported_media_type");
  });

  it("a body announced as too large is refused before it is sent", async () => {
    const connection = await RawConnection.open(api.origin);
    try {
      connection.send(
        `POST ${tasksOf(ann)} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ann.token}\r\nContent-Type: application/json\r\nContent-Length: 50000000\r\n\r\n{`,
      );
      expectRefusal(await connection.answer(), "body_too_large");
    } finally {
      connection.close();
    }
    await nothingWritten();
  });

  it("a chunked body is refused as soon as it has grown too large", async () => {
    const connection = await RawConnection.open(api.origin);
    try {
      connection.send(
        `POST ${tasksOf(ann)} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ann.token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      for (let sent = 0; sent <= maxBytes; sent += 4096) connection.send(`1000\r\n${" ".repeat(4096)}\r\n`);
      expectRefusal(await connection.answer(), "body_too_large");
    } finally {
      connection.close();
    }
    await nothingWritten();
  });

  it("a chunked body in many pieces is read", async () => {
    const connection = await RawConnection.open(api.origin);
    try {
      connection.send(
        `POST ${tasksOf(ann)} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ann.token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      for (const byte of Buffer.from('{"title":"\u{1f600} in pieces"}')) {
        connection.send("1\r\n");
        connection.send(Uint8Array.of(byte));
        connection.send("\r\n");
      }
      connection.send("0\r\n\r\n");
      const answer = await connection.answer();
      expect({ status: answer.status, title: (answer.json() as Task).title }).toEqual({
        status: 201,
        title: "\u{1f600} in pieces",
      });
    } finally {
      connection.close();
    }
  });

  it("a body that stops half-way writes nothing", async () => {
    const connection = await RawConnection.open(api.origin);
    connection.send(
      `POST ${tasksOf(ann)} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ann.token}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"title":"half"}`,
    );
    connection.close();
    expect((await api.ask("GET", "/health")).status).toBe(200);
    await nothingWritten();
  });

  it("the connection serves the next request after every kind of small body", async () => {
    const connection = await RawConnection.open(api.origin);
    try {
      const send = async (body: string, type: string) => {
        connection.send(
          `POST ${tasksOf(ann)} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ann.token}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        );
        return (await connection.answer()).status;
      };
      expect(await send("{bad", "application/json")).toBe(400);
      expect(await send("{}", "application/json")).toBe(422);
      expect(await send("{}", "text/plain")).toBe(415);
      expect(await send('{"title":"x"}', "application/json")).toBe(201);
    } finally {
      connection.close();
    }
  });

  it("a body with a DELETE is not looked at", async () => {
    const answer = await api.ask("DELETE", taskOf(ann, task.id), { token: ann.token, body: "{bad" });
    expect(answer.status).toBe(204);
  });
});
