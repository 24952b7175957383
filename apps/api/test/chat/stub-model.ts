import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

const called = z.strictObject({ name: z.string(), arguments: z.string() });

/** What the stub answers: calls, text, a whole message, a whole body, or bytes that need not be JSON. */
export const StubAnswer = z.strictObject({
  status: z.int().optional(),
  location: z.string().optional(),
  calls: z.array(called).optional(),
  content: z.string().optional(),
  message: z.unknown().optional(),
  body: z.unknown().optional(),
  text: z.string().optional(),
});
export type StubAnswer = z.output<typeof StubAnswer>;

export interface StubRequest {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A local stub in the place of a language model: real HTTP, and answers that a test has laid down. */
export class StubModel {
  readonly requests: StubRequest[] = [];
  readonly #answers: (StubAnswer | ((response: ServerResponse) => void))[] = [];
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url, headers } = request;
      this.requests.push({ method, url, headers, body: Buffer.concat(chunks).toString("utf8") });
      const answer = this.#answers.shift() ?? { status: 599 };
      if (typeof answer === "function") answer(response);
      else send(answer, response);
    });
  });

  /** The address to configure as `CHAT_BASE_URL`. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** Lays down the answer to the next request. */
  next(answer: StubAnswer | ((response: ServerResponse) => void)): void {
    this.#answers.push(answer);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function send({ status = 200, location, ...answer }: StubAnswer, response: ServerResponse): void {
  const fields = {
    "Content-Type": "application/json",
    ...(location === undefined ? {} : { Location: location }),
  };
  response.writeHead(status, fields).end(textOf(answer));
}

function textOf({ calls, content, message, body, text }: StubAnswer): string {
  if (text !== undefined) return text;
  if (body !== undefined) return JSON.stringify(body);
  if (message !== undefined) return JSON.stringify({ choices: [{ index: 0, message }] });
  const tool_calls = calls?.map((one, index) => ({ id: `call_${index}`, type: "function", function: one }));
  const said = { role: "assistant", content: content ?? null, ...(tool_calls ? { tool_calls } : {}) };
  return JSON.stringify({ id: "1", choices: [{ index: 0, message: said, finish_reason: "stop" }] });
}
