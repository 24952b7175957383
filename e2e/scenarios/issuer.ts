import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import { countersign } from "countersign/better-auth";
import { freePort } from "../support/server-process.ts";

/** Better Auth with the plugin, on a database in memory. */
export class Issuer {
  /** Where its endpoints are. */
  readonly url: string;
  readonly #server: Server;

  private constructor(url: string, server: Server) {
    this.url = url;
    this.#server = server;
  }

  static async start(secret: string, audience: string): Promise<Issuer> {
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    const options = {
      baseURL: origin,
      secret,
      database: new DatabaseSync(":memory:"),
      emailAndPassword: { enabled: true },
      logger: { disabled: true },
      plugins: [countersign({ issuer: origin, audience })],
    };
    await (await getMigrations(options)).runMigrations();
    const auth = betterAuth(options);
    await auth.$context;
    const server = createServer(toNodeHandler(auth));
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return new Issuer(`${origin}/api/auth`, server);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
