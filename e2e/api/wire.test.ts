import { beforeEach, expect, it } from "vitest";
import { type ApiCaller, type Task, tasksOf, type User } from "../support/api-caller.ts";
import { expectRefusal } from "../support/conformance.ts";
import { httpDefaults } from "../support/contract.ts";
import { RawConnection } from "../support/raw-request.ts";
import { describeBackends } from "../support/suite.ts";

const maxBytes = httpDefaults.max_body_bytes.value;

describeBackends("a body is read as it comes over the wire, or refused", (api: ApiCaller) => {
  let ann: User;
  let task: Task;
  beforeEach(async () => {
    ann = api.user();
    task = await api.addTask(ann);
  });

  const nothingWritten = async () => {
    const list = await api.listTasks(ann);
    expect(list.items).toEqual([task]);
  };

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

  it("requests that are sent together are carried out one after another", async () => {
    const connection = await RawConnection.open(api.origin);
    try {
      const head = `Host: a\r\nAuthorization: Bearer ${ann.token}\r\n`;
      const body = '{"title":"one of several"}';
      const write = `POST ${tasksOf(ann)} HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
      connection.send(`${write.repeat(5)}GET ${tasksOf(ann)} HTTP/1.1\r\n${head}\r\n`);
      for (let count = 0; count < 5; count += 1) expect((await connection.answer()).status).toBe(201);
      expect((await connection.answer()).json()).toMatchObject({ total: 6 });
    } finally {
      connection.close();
    }
  });

  it.each([
    ["GARBAGE\r\n\r\n", 400],
    ["FOO /health HTTP/1.1\r\nHost: a\r\n\r\n", 405],
    ["CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 404],
  ])(
    "what is sent behind a request and cannot be read, %j, is answered behind it",
    async (unread, status) => {
      const connection = await RawConnection.open(api.origin);
      try {
        connection.send(
          `GET ${tasksOf(ann)} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ann.token}\r\n\r\n${unread}`,
        );
        expect((await connection.answer()).json()).toMatchObject({ items: [task] });
        expect((await connection.answer()).status).toBe(status);
      } finally {
        connection.close();
      }
    },
  );
});
