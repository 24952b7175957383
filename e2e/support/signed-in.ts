import { randomBytes } from "node:crypto";

const password = "correct horse battery staple";

/** A user of an issuer, in one session: what a browser would hold. */
export class SignedIn {
  readonly email: string;
  readonly userId: string;
  readonly #at: At;
  #cookies: ReadonlyMap<string, string>;

  private constructor(at: At, email: string, userId: string, cookies: ReadonlyMap<string, string>) {
    this.#at = at;
    this.email = email;
    this.userId = userId;
    this.#cookies = cookies;
  }

  /** A new user, with an address of nobody else's unless it is given. */
  static async signUp(at: At, email = `${randomBytes(8).toString("hex")}@example.test`): Promise<SignedIn> {
    return SignedIn.#enter(at, "/sign-up/email", { email, password, name: "Ada" });
  }

  /** The same user in another session. */
  async again(): Promise<SignedIn> {
    return SignedIn.#enter(this.#at, "/sign-in/email", { email: this.email, password });
  }

  /** The same session, at another replica. */
  at(at: At): SignedIn {
    return new SignedIn(at, this.email, this.userId, this.#cookies);
  }

  static async #enter(
    at: At,
    path: string,
    body: { email: string; [member: string]: string },
  ): Promise<SignedIn> {
    const answer = await fetch(`${endpointsOf(at)}${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: at.address },
      body: JSON.stringify(body),
    });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    const { user } = (await answer.json()) as { user: { id: string } };
    return new SignedIn(at, body.email, user.id, cookiesOf(answer));
  }

  /** A token for the API. */
  async token(): Promise<string> {
    const answer = await this.ask("GET", "/token");
    if (answer.status !== 200) throw new Error(`/token: ${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { token: string }).token;
  }

  async signOut(): Promise<void> {
    await this.#done("/sign-out", {});
  }

  async endAllSessions(): Promise<void> {
    await this.#done("/revoke-sessions", {});
  }

  async endOtherSessions(): Promise<void> {
    await this.#done("/revoke-other-sessions", {});
  }

  async changePassword(): Promise<void> {
    await this.#done("/change-password", {
      currentPassword: password,
      newPassword: `${password} new`,
      revokeOtherSessions: true,
    });
  }

  /** Asks for something that an administrator may do, such as `ban-user`. */
  async administer(what: string, body: object): Promise<void> {
    await this.#done(`/admin/${what}`, body);
  }

  /** Whether one of its cookies is the session itself, which Better Auth believes for a while without its database. */
  get holdsCopyOfSession(): boolean {
    return [...this.#cookies.keys()].some((name) => name.endsWith("session_data"));
  }

  async deleteAccount(): Promise<void> {
    await this.#done("/delete-user", { password });
  }

  /** One request of the session. */
  async ask(method: string, path: string, body?: unknown): Promise<Response> {
    return await fetch(`${endpointsOf(this.#at)}${path}`, {
      method,
      headers: {
        Cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        Origin: this.#at.address,
        ...(body !== undefined && { "Content-Type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  async #done(path: string, body: object): Promise<void> {
    const answer = await this.ask("POST", path, body);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    this.#cookies = new Map([...this.#cookies, ...cookiesOf(answer)]);
  }
}

/** Where an issuer is, and where it says it is. */
export interface At {
  readonly origin: string;
  readonly address: string;
  /** Path of its endpoints. Default: `/api/auth`. */
  readonly basePath?: string;
}

function endpointsOf({ origin, basePath = "/api/auth" }: At): string {
  return `${origin}${basePath}`;
}

function cookiesOf(answer: Response): ReadonlyMap<string, string> {
  return new Map(
    answer.headers.getSetCookie().map((line) => {
      const [pair = ""] = line.split(";", 1);
      const end = pair.indexOf("=");
      return [pair.slice(0, end), pair.slice(end + 1)];
    }),
  );
}
