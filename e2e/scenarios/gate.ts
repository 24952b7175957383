import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A door before a server of any TCP protocol: shut, it ends every connection and takes no other. */
export class Gate {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #open = true;

  private constructor(host: string, port: number) {
    this.#server = createServer((near) => {
      if (!this.#open) {
        near.destroy();
        return;
      }
      const far = connect({ host, port, noDelay: true });
      near.setNoDelay(true);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(one);
        one.pipe(other);
        one.on("error", () => other.destroy());
        one.on("close", () => {
          other.destroy();
          this.#sockets.delete(one);
        });
      }
    });
  }

  /** A gate before a server, on a free port of this machine. */
  static async before(host: string, port: number): Promise<Gate> {
    const gate = new Gate(host, port);
    gate.#server.listen(0, "127.0.0.1");
    await once(gate.#server, "listening");
    return gate;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("The gate has no port.");
    return address.port;
  }

  shut(): void {
    this.#open = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  open(): void {
    this.#open = true;
  }

  close(): void {
    this.shut();
    this.#server.close();
  }
}
