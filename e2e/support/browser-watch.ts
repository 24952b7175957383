import type { BrowserContext, Request, Response } from "playwright-core";
import type { ApiMode } from "./browser-pairs.ts";
import { jwtLike } from "./jwt-like.ts";

/** The link of a letter carries a JWT of Better Auth's own, which is good for nothing but to confirm the address. */
const mailedLink = /\/api\/auth\/verify-email\?token=[\w.-]+/g;

/** Looks at all that the pages of one browser do, whatever the fact is about. */
export class BrowserWatch {
  readonly #faults: string[] = [];
  readonly #looking: Promise<void>[] = [];

  constructor(context: BrowserContext, mode: ApiMode) {
    context.on("console", (message) => {
      if (/Content Security Policy|Refused to/i.test(message.text()))
        this.#faults.push(`The policy stopped something: ${message.text()}`);
    });
    if (mode === "direct") return;
    // Where the token stays on the server no page ever gets to see one.
    context.on("request", (request) => this.#lookAtRequest(request));
    context.on("response", (response) => this.#lookAt(response.url(), JSON.stringify(response.headers())));
    // A stream of events has no end that could be waited for, and never comes here.
    context.on("requestfinished", (request) => {
      // The files of the build are the same for everyone.
      if (!new URL(request.url()).pathname.startsWith("/_next/static/"))
        this.#looking.push(this.#lookAtBody(request));
    });
  }

  /** What must not be, seen so far. */
  async faults(): Promise<readonly string[]> {
    await Promise.all(this.#looking);
    return this.#faults;
  }

  #lookAtRequest(request: Request): void {
    if (request.headers()["authorization"] !== undefined)
      this.#faults.push(`A page sent a credential: ${request.url()}`);
    this.#lookAt(
      request.url(),
      `${request.url()} ${JSON.stringify(request.headers())} ${request.postData()}`,
    );
  }

  async #lookAtBody(request: Request): Promise<void> {
    const response: Response | null = await request.response().catch(() => null);
    // A page that has been left takes its bodies with it.
    const body = await response?.text().catch(() => undefined);
    if (body !== undefined) this.#lookAt(request.url(), body);
  }

  #lookAt(url: string, text: string): void {
    if (jwtLike.test(text.replaceAll(mailedLink, ""))) this.#faults.push(`A page got to see a token: ${url}`);
  }
}
