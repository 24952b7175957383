import { fileURLToPath } from "node:url";
import type { IssuerConfiguration } from "./issuer-program.ts";
import { answersAt, bareEnvironment, freePort, ServerProcess } from "./server-process.ts";

const program = fileURLToPath(new URL("issuer-program.ts", import.meta.url));

/** What an issuer is started with; what is left out is as a fresh one has it. */
export interface IssuerOptions {
  /** A file of SQLite, or a `postgres:` address. */
  readonly database: string;
  /** `BETTER_AUTH_SECRET`. */
  readonly secret?: string;
  /** `BETTER_AUTH_SECRETS`, in place of `secret`. */
  readonly secrets?: string;
  readonly port?: number;
  /** What it says its address is. Default: where it listens. */
  readonly address?: string;
  readonly audience?: string;
  readonly plugin?: IssuerConfiguration["plugin"];
  readonly official?: IssuerConfiguration["official"];
  readonly cookieCache?: boolean;
  readonly clock?: IssuerConfiguration["clock"];
}

/** The audience of its tokens, when nothing else is asked for. */
export const issuerAudience = "http://localhost:8000";

/** A Better Auth issuer in a process of its own. */
export class Issuer {
  /** Where it listens. */
  readonly origin: string;
  /** `iss` of its tokens. */
  readonly address: string;
  readonly options: IssuerOptions & { readonly port: number };
  readonly process: ServerProcess;

  private constructor(options: IssuerOptions & { readonly port: number }, process: ServerProcess) {
    this.options = options;
    this.process = process;
    this.origin = `http://127.0.0.1:${options.port}`;
    this.address = options.address ?? this.origin;
  }

  /** Starts one and waits until it answers. */
  static async start(options: IssuerOptions): Promise<Issuer> {
    const { secret, secrets, database, plugin = {}, official, cookieCache = false, clock } = options;
    const { audience = issuerAudience } = options;
    const port = options.port ?? (await freePort());
    const address = options.address ?? `http://127.0.0.1:${port}`;
    const configuration: IssuerConfiguration = {
      port,
      address,
      audience,
      database,
      plugin,
      cookieCache,
      ...(official && { official }),
      ...(clock && { clock }),
    };
    const process = new ServerProcess({
      command: globalThis.process.execPath,
      args: ["--disable-warning=ExperimentalWarning", program],
      cwd: fileURLToPath(new URL("../", import.meta.url)),
      env: {
        ...bareEnvironment(),
        ...(secrets !== undefined
          ? { BETTER_AUTH_SECRETS: secrets }
          : secret !== undefined && { BETTER_AUTH_SECRET: secret }),
        ISSUER: JSON.stringify(configuration),
      },
    });
    const issuer = new Issuer({ ...options, port }, process);
    await process.ready(answersAt(`${issuer.origin}/control/ready`));
    return issuer;
  }

  /** Ends it and starts it again, at the same place, with changes. */
  async restart(changes: Partial<IssuerOptions> = {}): Promise<Issuer> {
    await this.stop();
    return await Issuer.start({ ...this.options, ...changes });
  }

  /** Begins a rotation of its key pairs, and gives the `kid` of the new one. */
  async rotate(how: "forced" | "compromised"): Promise<string> {
    const query = how === "compromised" ? "?compromised" : "";
    const answer = await fetch(`${this.origin}/control/rotate${query}`, { method: "POST" });
    if (answer.status !== 200) throw new Error(`The key was not rotated: ${await answer.text()}`);
    return ((await answer.json()) as { keyId: string }).keyId;
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }
}
