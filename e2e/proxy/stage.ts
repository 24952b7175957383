import { randomBytes } from "node:crypto";
import { Application, mount } from "../support/application.ts";
import type { BackendName } from "../support/backend.ts";
import type { ApiMode } from "../support/browser-pairs.ts";
import { secretsIn } from "../support/log-secrets.ts";
import { password } from "../support/person.ts";
import { type Answer, exchange, type HeaderLines } from "../support/raw-request.ts";
import { freePort } from "../support/server-process.ts";
import { removeFolder, temporaryFolder } from "../support/temporary-folder.ts";
import { Wire } from "./wire.ts";

export interface SignedIn {
  readonly userId: string;
  readonly email: string;
  /** The `Cookie` header as a browser sends it. */
  readonly cookie: string;
}

export interface StageOptions {
  readonly api: BackendName;
  /** The address under which people know the application. Default: where it listens. */
  readonly issuer?: string;
  readonly mode?: ApiMode;
}

/** The production build in proxy mode, a backend, and the wire between them. */
export class ProxyStage {
  readonly application: Application;
  readonly wire: Wire;
  /** Where the application listens, whatever its issuer is. */
  readonly web: string;
  /** What people know it as, and pages send as their origin. */
  readonly issuer: string;
  readonly #folder: string;
  readonly #secret: string;

  private constructor(application: Application, wire: Wire, issuer: string, folder: string, secret: string) {
    this.application = application;
    this.wire = wire;
    this.web = application.webOrigin.replace("localhost", "127.0.0.1");
    this.issuer = issuer;
    this.#folder = folder;
    this.#secret = secret;
  }

  static async start({ api, issuer, mode = "proxy" }: StageOptions): Promise<ProxyStage> {
    const folder = temporaryFolder("proxy");
    const secret = randomBytes(32).toString("base64url");
    const [webPort, apiPort] = [await freePort(), await freePort()];
    const wire = await Wire.open(apiPort);
    const settings = {
      API_URL: wire.origin,
      // Nothing answers at a public address here: the API follows the application where it listens.
      REVOCATION_FEED_URL: `http://127.0.0.1:${webPort}/api/auth/revocations`,
      ...(issuer !== undefined && { BETTER_AUTH_URL: issuer, CORS_ORIGINS: issuer }),
    };
    const application = await Application.start({
      api,
      mode,
      dataFolder: folder,
      secret,
      webPort,
      apiPort,
      settings,
    });
    return new ProxyStage(application, wire, issuer ?? application.webOrigin, folder, secret);
  }

  /** @throws Error when the logs hold a secret */
  async stop(): Promise<void> {
    await this.application.stop();
    this.wire.close();
    removeFolder(this.#folder);
    const found = secretsIn(this.application.output, { secrets: [this.#secret, password] });
    if (found.length > 0) throw new Error(`The logs hold secrets:\n${found.join("\n")}`);
  }

  /** One request as bytes, addressed as people address the application. */
  send(method: string, target: string, headers: HeaderLines = [], body?: string): Promise<Answer> {
    const host = new URL(this.issuer).host;
    return exchange(this.web, { method, target, headers: [["Host", host], ...headers], body });
  }

  /** As a page's script sends it to the proxy. `without` leaves headers out. */
  ask(
    person: SignedIn | undefined,
    method: string,
    target: string,
    {
      headers = [],
      body,
      without = [],
    }: { headers?: HeaderLines; body?: string; without?: readonly string[] } = {},
  ): Promise<Answer> {
    const own: HeaderLines = [
      ...(person ? ([["Cookie", person.cookie]] as const) : []),
      ["X-Watchword", "1"],
      ["Origin", this.issuer],
      ["Sec-Fetch-Site", "same-origin"],
      ...(body === undefined ? [] : ([["Content-Type", "application/json"]] as const)),
    ];
    const given = new Set([...without, ...headers.map(([name]) => name)].map((name) => name.toLowerCase()));
    const kept = own.filter(([name]) => !given.has(name.toLowerCase()));
    return this.send(method, `${mount}${target}`, [...kept, ...headers], body);
  }

  auth(path: string, body: unknown, headers: HeaderLines = []): Promise<Answer> {
    const own: HeaderLines = [
      ["Origin", this.issuer],
      ["Content-Type", "application/json"],
    ];
    return this.send("POST", `/api/auth${path}`, [...own, ...headers], JSON.stringify(body));
  }

  async signUp(name: string): Promise<SignedIn> {
    const email = `${name.toLowerCase()}-${randomBytes(6).toString("hex")}@example.test`;
    const answer = await this.auth("/sign-up/email", { email, password, name });
    if (answer.status !== 200) throw new Error(`Signing up was answered ${answer.status}: ${answer.text}`);
    const { user } = answer.json() as { user: { id: string } };
    return { userId: user.id, email, cookie: cookiesOf(answer) };
  }

  async signIn({ email, userId }: SignedIn, headers: HeaderLines = []): Promise<SignedIn> {
    const answer = await this.auth("/sign-in/email", { email, password }, headers);
    if (answer.status !== 200) throw new Error(`Signing in was answered ${answer.status}: ${answer.text}`);
    return { userId, email, cookie: cookiesOf(answer) };
  }

  async addTask(person: SignedIn, title: string): Promise<number> {
    const body = JSON.stringify({ title });
    const answer = await this.ask(person, "POST", `/api/${person.userId}/tasks`, { body });
    if (answer.status !== 201) throw new Error(`The task was answered ${answer.status}: ${answer.text}`);
    return (answer.json() as { id: number }).id;
  }

  async titles(person: SignedIn): Promise<readonly string[]> {
    const answer = await this.ask(person, "GET", `/api/${person.userId}/tasks`);
    return (answer.json() as { items: { title: string }[] }).items.map(({ title }) => title);
  }
}

/** The cookies of an answer, as a browser would send them back. */
export function cookiesOf(answer: Answer): string {
  return answer
    .all("set-cookie")
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; ");
}

/** The `code` of a problem document. */
export const codeOf = (answer: Answer) => (answer.json() as { code: string }).code;

/** Waits until a condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error("It did not come to pass in time.");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
