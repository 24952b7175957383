import { fileURLToPath, pathToFileURL } from "node:url";
import { type Backend, type BackendName, startBackend } from "./backend.ts";
import type { ApiMode } from "./browser-pairs.ts";
import { answersAt, freePort, ServerProcess } from "./server-process.ts";
import type { Realm } from "./token.ts";
import { webEnvironment } from "./web-environment.ts";

const webFolder = fileURLToPath(new URL("../../apps/web/", import.meta.url));
const nextProgram = fileURLToPath(new URL("../../node_modules/next/dist/bin/next", import.meta.url));

/** Where the proxy stands in the web application. */
export const mount = "/api/bff";

/** What an application is started with. */
export interface ApplicationOptions {
  readonly api: BackendName;
  /** `API_MODE`. Default: `direct`. */
  readonly mode?: ApiMode;
  /** The folder of the embedded databases; where `databaseUrl` is given it is not used. */
  readonly dataFolder: string;
  /** `DATABASE_URL` of both servers instead. */
  readonly databaseUrl?: string;
  /** At least 32 random characters. */
  readonly secret: string;
  /** Settings added to the environment of both servers; they win over the usual ones. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Free ones when absent. */
  readonly webPort?: number;
  readonly apiPort?: number;
}

/** The whole application on free ports: the web application's production build, and one of the two backends. */
export class Application {
  readonly api: BackendName;
  readonly mode: ApiMode;
  readonly realm: Realm;
  readonly #options: ApplicationOptions;
  readonly #webPort: number;
  readonly #apiPort: number;
  readonly #ended: string[] = [];
  #backend: Backend | undefined;
  #web: ServerProcess | undefined;

  private constructor(options: ApplicationOptions, webPort: number, apiPort: number) {
    this.api = options.api;
    this.mode = options.mode ?? "direct";
    this.#options = options;
    this.#webPort = webPort;
    this.#apiPort = apiPort;
    this.realm = { issuer: this.webOrigin, audience: this.apiOrigin, secret: options.secret };
  }

  /** Starts both servers and waits until they answer. */
  static async start(options: ApplicationOptions): Promise<Application> {
    const webPort = options.webPort ?? (await freePort());
    const apiPort = options.apiPort ?? (await freePort());
    const application = new Application(options, webPort, apiPort);
    await application.#start();
    return application;
  }

  get webOrigin(): string {
    return `http://localhost:${this.#webPort}`;
  }

  get apiOrigin(): string {
    return `http://localhost:${this.#apiPort}`;
  }

  /** Where pages send what they ask of the API: to itself, or to the proxy. */
  get apiAddress(): string {
    return this.mode === "proxy" ? `${this.webOrigin}${mount}` : this.apiOrigin;
  }

  /** Everything that the servers have written, those of earlier starts included. */
  get output(): string {
    return [...this.#ended, this.#backend?.process.output ?? "", this.#web?.output ?? ""].join("\n");
  }

  async #start(): Promise<void> {
    const { api, dataFolder } = this.#options;
    const databaseUrl = this.#options.databaseUrl ?? pathToFileURL(dataFolder).href;
    const settings = {
      ...webEnvironment({
        realm: this.realm,
        databaseUrl,
        webPort: this.#webPort,
        apiPort: this.#apiPort,
      }),
      API_MODE: this.mode,
      ...this.#options.settings,
    };
    try {
      this.#web = new ServerProcess({
        command: process.execPath,
        args: [nextProgram, "start", "--port", String(this.#webPort), "--hostname", "127.0.0.1"],
        cwd: webFolder,
        env: settings,
        service: "watchword-web",
      });
      await this.#web.ready(answersAt(`http://127.0.0.1:${this.#webPort}/login`));
      // It is ready once the web application has told it what was revoked.
      this.#backend = await startBackend(api, {
        realm: this.realm,
        databaseUrl,
        port: this.#apiPort,
        settings,
      });
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    // The backend first: meanwhile what pages have just asked the web application for is answered.
    for (const server of [this.#backend?.process, this.#web]) {
      if (server === undefined) continue;
      await server.stop();
      this.#ended.push(server.output);
    }
    this.#web = undefined;
    this.#backend = undefined;
  }

  /** Ends the web application alone. */
  async stopWeb(): Promise<void> {
    await this.#web?.stop();
  }

  /** Ends both servers and starts them again on the same ports and data. */
  async restart(): Promise<void> {
    await this.stop();
    await this.#start();
  }
}
