import { randomBytes } from "node:crypto";
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import type { Addresses } from "./addresses.ts";
import { BrowserWatch } from "./browser-watch.ts";

/** The password of every person in these tests. It must turn up in no log. */
export const password = "correct-horse-battery-9";

/** An answer of the API as a page's script got it. */
export interface PageAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A person at a browser of their own: nothing is shared with another person's. */
export class Person {
  readonly name: string;
  readonly email: string;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly addresses: Addresses;
  /** What the page's script reported as broken. */
  readonly complaints: string[] = [];
  readonly #watch: BrowserWatch;

  private constructor(addresses: Addresses, context: BrowserContext, page: Page, name: string) {
    this.addresses = addresses;
    this.context = context;
    this.#watch = new BrowserWatch(context, addresses.mode);
    this.page = page;
    this.name = name;
    this.email = `${name.toLowerCase()}-${randomBytes(6).toString("hex")}@example.test`;
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(message.text());
    });
  }

  static async arrive(
    browser: Browser,
    addresses: Addresses,
    name: string,
    options: BrowserContextOptions = {},
  ): Promise<Person> {
    const context = await browser.newContext({ baseURL: addresses.webOrigin, locale: "en", ...options });
    context.setDefaultTimeout(15_000);
    return new Person(addresses, context, await context.newPage(), name);
  }

  /** @throws Error when the browser has seen what no browser may see, or what the pages' policy stops */
  async leave(): Promise<void> {
    const faults = await this.#watch.faults();
    await this.context.close();
    if (faults.length > 0) throw new Error(`In ${this.name}'s browser:\n${faults.join("\n")}`);
  }

  async signUp(): Promise<void> {
    await this.page.goto("/sign-up");
    await this.page.getByLabel("Name", { exact: true }).fill(this.name);
    await this.page.getByLabel("Email", { exact: true }).fill(this.email);
    await this.page.getByLabel("Password", { exact: true }).fill(password);
    await this.page.getByRole("button", { name: "Create account" }).click();
    await this.#arriveAtTasks();
  }

  /** The address is there before the page is: what is clicked in between may be lost. */
  async #arriveAtTasks(): Promise<void> {
    await this.page.waitForURL("**/tasks");
    await this.newTask.click({ trial: true });
  }

  /** Fills the sign-in form of the page that is open and sends it. */
  async sendSignIn(secret = password): Promise<void> {
    await this.#sendSignIn(this.email, secret);
  }

  async #sendSignIn(email: string, secret: string): Promise<void> {
    await this.page.getByLabel("Email", { exact: true }).fill(email);
    await this.page.getByLabel("Password", { exact: true }).fill(secret);
    await this.page.getByRole("button", { name: "Sign in" }).click();
  }

  /** Signs in as the user whom another person has signed up. */
  async signInAs({ email }: Person): Promise<void> {
    await this.page.goto("/login");
    await this.#sendSignIn(email, password);
    await this.#arriveAtTasks();
  }

  async signOut(): Promise<void> {
    await this.page.getByRole("button", { name: this.name, exact: true }).click();
    await this.page.getByRole("menuitem", { name: "Sign out" }).click();
    await this.page.waitForURL((url) => url.pathname === "/");
  }

  /** The row of a task in the list. */
  task(title: string): Locator {
    return this.page
      .getByRole("listitem")
      .filter({ has: this.page.getByRole("button", { name: `Edit "${title}"`, exact: true }) });
  }

  get newTask(): Locator {
    return this.page.getByRole("textbox", { name: "New task" });
  }

  /** Adds a task and waits until the API has it. */
  async addTask(title: string): Promise<void> {
    const saved = this.apiAnswer("POST");
    await this.newTask.fill(title);
    await this.page.getByRole("button", { name: "Add task" }).click();
    await saved;
    await this.task(title).waitFor();
  }

  /** The next answer of the API to a request of this method from this page. */
  async apiAnswer(method: string): Promise<number> {
    const { apiAddress } = this.addresses;
    const response = await this.page.waitForResponse(
      (answer) => answer.request().method() === method && answer.url().startsWith(apiAddress),
    );
    return response.status();
  }

  /** Asks the API from the page's own script: with a token that the page fetches for its session, or by the proxy, which adds it. */
  async askApi(path: string, init: { method?: string; json?: unknown } = {}): Promise<PageAnswer> {
    const { mode, apiAddress } = this.addresses;
    return await this.page.evaluate(
      async ({ url, proxied, method, json }) => {
        const credential = async (): Promise<Record<string, string>> => {
          if (proxied) return { "X-Watchword": "1" };
          const answer = await fetch("/api/auth/token", { cache: "no-store" });
          return { Authorization: `Bearer ${((await answer.json()) as { token: string }).token}` };
        };
        const response = await fetch(url, {
          method,
          headers: {
            ...(await credential()),
            ...(json === undefined ? {} : { "Content-Type": "application/json" }),
          },
          ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        });
        const text = await response.text();
        return { status: response.status, body: text === "" ? null : (JSON.parse(text) as unknown) };
      },
      {
        url: `${apiAddress}${path}`,
        proxied: mode === "proxy",
        method: init.method ?? "GET",
        json: init.json,
      },
    );
  }

  /** The status with which the cookies of this browser are let through to the API: given a token, or an answer by the proxy. */
  async admission(): Promise<number> {
    const { mode, apiAddress } = this.addresses;
    const answer =
      mode === "direct"
        ? await this.context.request.get("/api/auth/token")
        : await this.context.request.get(`${apiAddress}/api/v1/users/me`, {
            headers: { "X-Watchword": "1" },
          });
    return answer.status();
  }

  /** The user's id, as the session tells the page. */
  async userId(): Promise<string> {
    return await this.page.evaluate(async () => {
      const answer = await fetch("/api/auth/get-session");
      return ((await answer.json()) as { user: { id: string } }).user.id;
    });
  }

  /** The titles in the list, from top to bottom, once it is loaded. */
  async titles(): Promise<string[]> {
    const boxes = this.page.getByRole("list", { name: "Tasks" }).getByRole("checkbox");
    const names = await boxes.evaluateAll((elements) =>
      elements.map((element) => element.getAttribute("aria-label") ?? ""),
    );
    return names.map((name) => name.replace(/^(?:Complete|Reopen) "(.*)"$/, "$1"));
  }
}
