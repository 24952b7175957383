import { createServer, type IncomingMessage, type ServerResponse, request as send } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it left the web application. */
export interface Passed {
  readonly method: string;
  /** The request target, byte for byte. */
  readonly target: string;
  /** Names, in lower case, and values, as they came. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Whether its answer is over: written to its end, or given up by who sent it. */
  ended: boolean;
}

/** Answers in the place of the API: it stands for one that has gone wrong. */
export type Answering = (request: IncomingMessage, response: ServerResponse) => void;

/** Stands in the wire between the web application and the API, notes what passes and changes nothing. */
export class Wire {
  readonly passed: Passed[] = [];
  /** While it is set, the API is asked nothing. */
  answering: Answering | undefined;
  readonly #server = createServer((request, response) => this.#pass(request, response));
  readonly #apiPort: number;

  private constructor(apiPort: number) {
    this.#apiPort = apiPort;
  }

  static async open(apiPort: number): Promise<Wire> {
    const wire = new Wire(apiPort);
    await new Promise<void>((resolve) => wire.#server.listen(0, "127.0.0.1", resolve));
    return wire;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The credentials that have passed. */
  get tokens(): ReadonlySet<string> {
    const values = this.passed.flatMap(({ headers }) =>
      headers.filter(([name]) => name === "authorization").map(([, value]) => value.replace("Bearer ", "")),
    );
    return new Set(values);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method = "", url: target = "", rawHeaders } = incoming;
    const headers = rawHeaders.flatMap((name, index) =>
      index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? ""] as const] : [],
    );
    const passed: Passed = { method, target, headers, ended: false };
    this.passed.push(passed);
    outgoing.on("close", () => {
      passed.ended = true;
    });
    if (this.answering) {
      this.answering(incoming, outgoing);
      return;
    }
    const forward = send(
      { host: "127.0.0.1", port: this.#apiPort, method, path: target, headers: [...rawHeaders] },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(outgoing);
      },
    );
    forward.on("error", () => outgoing.destroy());
    outgoing.on("close", () => forward.destroy());
    incoming.pipe(forward);
  }
}

/** A server that nothing should ever be sent to. */
export class Trap {
  readonly caught: string[] = [];
  readonly #server = createServer((request, response) => {
    this.caught.push(`${request.method} ${request.url} ${request.headers.authorization ?? ""}`);
    response.end("caught");
  });

  static async open(): Promise<Trap> {
    const trap = new Trap();
    await new Promise<void>((resolve) => trap.#server.listen(0, "127.0.0.1", resolve));
    return trap;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
