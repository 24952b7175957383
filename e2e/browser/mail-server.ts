import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";

/** A letter as it was handed in. */
export interface Letter {
  readonly to: string;
  /** Headers and body, transfer encoding undone. */
  readonly text: string;
}

/** A mail server of the tests' own: it speaks enough SMTP (RFC 5321) to be sent to, and keeps what it gets. */
export class MailServer {
  readonly letters: Letter[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => this.#talk(socket));
  }

  static async start(): Promise<MailServer> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new MailServer(server);
  }

  /** What `SMTP_URL` is set to. */
  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("The mail server has no port.");
    return `smtp://127.0.0.1:${address.port}`;
  }

  /** The address in the newest letter to someone, once it is here. */
  async linkFor(email: string, timeoutMilliseconds = 10_000): Promise<string> {
    const deadline = Date.now() + timeoutMilliseconds;
    for (;;) {
      const letter = this.letters.findLast(({ to }) => to === email);
      const link = /https?:\/\/\S+/.exec(letter?.text ?? "")?.[0];
      if (link !== undefined) return link;
      if (Date.now() > deadline) throw new Error(`No letter with a link came for ${email}.`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  async stop(): Promise<void> {
    this.#server.close();
    await once(this.#server, "close");
  }

  #talk(socket: Socket): void {
    let rest = "";
    let to = "";
    let data: string[] | undefined;
    const say = (line: string) => socket.write(`${line}\r\n`);
    const hear = (line: string) => {
      if (data !== undefined) {
        if (line !== ".") return void data.push(line.replace(/^\./, ""));
        this.letters.push({ to, text: decoded(data.join("\n")) });
        data = undefined;
        return say("250 kept");
      }
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === "RCPT") to = /<([^>]*)>/.exec(line)?.[1] ?? "";
      if (verb === "DATA") {
        data = [];
        return say("354 go on");
      }
      if (verb === "QUIT") {
        say("221 bye");
        return socket.end();
      }
      return say("250 fine");
    };
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      const lines = (rest + chunk.toString("utf8")).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) hear(line);
    });
    say("220 mail.test");
  }
}

/** Undoes quoted-printable (RFC 2045 §6.7), where the letter says that it is used. */
function decoded(text: string): string {
  if (!/^content-transfer-encoding: quoted-printable$/im.test(text)) return text;
  return text
    .replaceAll(/=\n/g, "")
    .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
