import { randomBytes } from "node:crypto";

const password = "correct horse battery staple";

/** A user of an issuer, in one session: what a browser would hold. */
export class SignedIn {
  readonly email: string;
  readonly userId: string;
  readonly #origin: string;
  readonly #address: string;
  #cookies: ReadonlyMap<string, string>;

  private constructor(at: At, email: string, userId: string, cookies: ReadonlyMap<string, string>) {
    this.#origin = at.origin;
    this.#address = at.address;
    this.email = email;
    this.userId = userId;
    this.#cookies = cookies;
  }

  /** A new user. */
  static async signUp(at: At): Promise<SignedIn> {
    const email = `${randomBytes(8).toString("hex")}@example.test`;
    return SignedIn.#enter(at, "/sign-up/email", { email, password, name: "Ada" });
  }

  /** The same user in another session. */
  async again(): Promise<SignedIn> {
    return SignedIn.#enter({ origin: this.#origin, address: this.#address }, "/sign-in/email", {
      email: this.email,
      password,
    });
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
    const answer = await fetch(`${at.origin}/api/auth${path}`, {
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

  async deleteAccount(): Promise<void> {
    await this.#done("/delete-user", { password });
  }

  /** One request of the session. */
  async ask(method: string, path: string, body?: unknown): Promise<Response> {
    return await fetch(`${this.#origin}/api/auth${path}`, {
      method,
      headers: {
        Cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        Origin: this.#address,
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
interface At {
  readonly origin: string;
  readonly address: string;
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
