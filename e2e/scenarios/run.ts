import { randomBytes } from "node:crypto";
import { conformanceFaults, problemIn } from "../support/answer-faults.ts";
import { comparable } from "../support/api-caller.ts";
import { EventStream } from "../support/event-stream.ts";
import { type Answer, ConnectionClosed, exchange, type HeaderLines } from "../support/raw-request.ts";
import type { Operator } from "./operator.ts";
import type { Person, TokenSource } from "./people.ts";
import type { Ask, Expectation, Json, Next, Scenario, Step, TokenShape, UserShape } from "./scenario.ts";
import { at, differences, filled, filledText, type Variables } from "./values.ts";

/** The service under test. Nothing is known of it but its address, whose tokens it takes, and perhaps who runs it. */
export interface Target {
  readonly origin: string;
  readonly tokens: TokenSource;
  readonly operator: Partial<Operator> | undefined;
}

/** Something does not hold. The message says what, and after which request. */
export class Failure extends Error {}

/** How long the next event of a stream may take, in milliseconds. */
const eventPatience = 1000;

function isStream(value: EventStream | Answer): value is EventStream {
  return value instanceof EventStream;
}

/** A request in one line, without its token. */
function described(step: Ask, variables: Variables): string {
  const text = `${step.method ?? "GET"} ${step.path}`;
  return shortened(safely(() => filledText(text, variables), text));
}

function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

function safely<Value>(work: () => Value, otherwise: Value): Value {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

/** One scenario while it runs: who takes part, what has been saved, which streams are open. */
export class Run {
  readonly target: Target;
  readonly #scenario: Pick<Scenario, "users" | "shared">;
  readonly #variables: Record<string, unknown>;
  readonly #people = new Map<string, Person>();
  readonly #answers = new Map<string, Answer>();
  readonly #streams = new Map<string, EventStream>();

  constructor(
    target: Target,
    scenario: Pick<Scenario, "users" | "shared">,
    row: Readonly<Record<string, Json>> = {},
  ) {
    this.target = target;
    this.#scenario = scenario;
    const nonce = randomBytes(16).toString("hex");
    this.#variables = { ...target.tokens.variables, nonce, origin: target.origin };
    // What names nobody is filled in at once: the ids of the scenario's users may depend on it.
    for (const [name, value] of Object.entries(row))
      this.#variables[name] = safely(() => filled(value, this.#variables), value);
    for (const name of Object.keys(scenario.users ?? {})) this.person(name);
  }

  /** Fills in what the row's values name; done when the given tasks are there. */
  fillRow(row: Readonly<Record<string, Json>>): void {
    for (const [name, value] of Object.entries(row)) {
      this.#meet(value);
      this.#variables[name] = filled(value, this.#variables);
    }
  }

  get variables(): Variables {
    return this.#variables;
  }

  /** Who has this name here; made when first named. */
  person(name: string): Person {
    const known = this.#people.get(name);
    if (known !== undefined) return known;
    const shape = filled((this.#scenario.users?.[name] ?? {}) as Json, this.#variables) as UserShape;
    const person = this.target.tokens.person(name, shape);
    this.#people.set(name, person);
    this.#variables[name] = person;
    return person;
  }

  /** Makes everyone that a value names. */
  #meet(value: Json | undefined): void {
    for (const [, name = ""] of JSON.stringify(value ?? null).matchAll(
      /\{\{(ann|ben|cat|dan|admin)\.(?:id|email|name|nonce|token)\b/g,
    ))
      this.person(name);
  }

  save(name: string, value: unknown): void {
    this.#variables[name] = value;
  }

  /** A task of a person, whose title carries the owner's nonce. */
  async addTask(owner: string, members: { readonly [name: string]: Json } = {}): Promise<Json> {
    const { nonce } = this.person(owner);
    const answer = await this.ask({
      who: owner,
      method: "POST",
      path: `/api/{{${owner}.id|encoded}}/tasks`,
      json: { title: `Task of ${nonce}`, ...members },
      expect: { status: 201 },
    });
    return answer.json() as Json;
  }

  /** Sends a request as it is described, holds the answer against the contract and the expectation, and saves. */
  async ask(
    step: Ask,
    connection?: (request: Parameters<typeof exchange>[1]) => Promise<Answer>,
  ): Promise<Answer> {
    let answer: Answer | undefined;
    for (let count = 0; count < (step.times ?? 1); count++) answer = await this.#askOnce(step, connection);
    if (answer === undefined) throw new Failure("A step asks nothing.");
    for (const [name, from] of Object.entries(step.save ?? {}))
      this.#variables[name] = from.startsWith("header:")
        ? answer.header(from.slice("header:".length))
        : at(answer.json(), from);
    if (step.saveAnswer !== undefined) this.#answers.set(step.saveAnswer, answer);
    return answer;
  }

  request(step: Ask): {
    method: string;
    target: string;
    headers: HeaderLines;
    body: string | Buffer | undefined;
  } {
    this.#meet(step as unknown as Json);
    const fill = (text: string) => filledText(text, this.#variables);
    const headers: (readonly [string, string])[] = this.#credentials(step).map(
      (value) => ["Authorization", value] as const,
    );
    const json = step.json === undefined ? undefined : filled(step.json, this.#variables);
    const given = Object.entries(step.headers ?? {}).flatMap(([name, values]) =>
      [values].flat().map((value): readonly [string, string] => [fill(name), fill(value)]),
    );
    if (json !== undefined && !given.some(([name]) => name.toLowerCase() === "content-type"))
      headers.push(["Content-Type", "application/json"]);
    const text =
      json === undefined ? (step.body === undefined ? undefined : fill(step.body)) : JSON.stringify(json);
    return {
      method: fill(step.method ?? "GET"),
      target: fill(step.path),
      headers: [...headers, ...given],
      body: text === undefined || step.encoding === undefined ? text : Buffer.from(text, step.encoding),
    };
  }

  #credentials(step: Ask): readonly string[] {
    const fill = (text: string) => filledText(text, this.#variables);
    if (step.authorization !== undefined) return [step.authorization].flat().map(fill);
    if (step.who === undefined || step.who === null) return [];
    const person = this.person(step.who);
    if (step.token === undefined) return [`Bearer ${person.token}`];
    const shape = filled(step.token as unknown as Json, this.#variables) as TokenShape;
    return [`Bearer ${this.target.tokens.token(person, shape)}`];
  }

  async #askOnce(
    step: Ask,
    send: (request: Parameters<typeof exchange>[1]) => Promise<Answer> = (request) =>
      exchange(this.target.origin, request),
  ): Promise<Answer> {
    const request = this.request(step);
    let answer: Answer;
    try {
      answer = await send(request);
      // Another bound than the one under test: waited for, as any caller would.
      if (answer.status === 429 && step.expect.code !== "rate_limited" && step.expect.status !== 429) {
        await new Promise((resolve) => setTimeout(resolve, Number(answer.header("retry-after")) * 1000));
        answer = await send(this.request(step));
      }
    } catch (error) {
      if (step.loose && error instanceof ConnectionClosed) return refusedConnection;
      throw new Failure(`${described(step, this.#variables)}: ${(error as Error).message}`);
    }
    const faults = step.loose
      ? looseFaults(answer)
      : conformanceFaults({ method: request.method, target: request.target }, answer);
    faults.push(...this.#leaks(answer, step.who ?? undefined), ...this.#unmet(answer, step.expect));
    if (faults.length > 0)
      throw new Failure(
        `${described(step, this.#variables)} → ${answer.status}: ${faults.slice(0, 4).join("; ")}`,
      );
    return answer;
  }

  /** What of other people came back: everything that carries a nonce or an address is theirs alone. */
  #leaks(answer: Answer, who: string | undefined): string[] {
    if (this.#scenario.shared) return [];
    const whole = `${answer.headers.join("\n")}\n${answer.text}`;
    return [...this.#people]
      .filter(([name]) => name !== who)
      .flatMap(([name, { nonce, email }]) =>
        [nonce, email].filter((part) => whole.includes(part)).map(() => `it holds what is ${name}'s`),
      );
  }

  #unmet(answer: Answer, expect: Expectation): string[] {
    const faults: string[] = [];
    this.#meet(expect as unknown as Json);
    const wanted = (value: Json) => filled(value, this.#variables);
    if (expect.status !== undefined && ![expect.status].flat().includes(answer.status))
      faults.push(`the status is not ${[expect.status].flat().join(" or ")}${codeIn(answer)}`);
    const code = expect.code ?? (expect.faults === undefined ? undefined : "validation_failed");
    if (code !== undefined) {
      const problem = problemIn(answer);
      const got = typeof problem === "string" ? problem : problem.code;
      if (got !== code) faults.push(`the code is ${got}, not ${code}`);
      else if (expect.faults !== undefined && typeof problem !== "string")
        faults.push(
          ...differences(
            (problem.errors ?? []).map((fault) => `${fault.in} ${fault.pointer} ${fault.code}`),
            wanted(expect.faults),
          ),
        );
    }
    for (const [name, value] of Object.entries(expect.headers ?? {})) {
      const values = answer.all(name);
      faults.push(
        ...differences(values.length > 1 ? values : (values[0] ?? null), wanted(value)).map(
          (fault) => `${name}: ${fault}`,
        ),
      );
    }
    const body = () => {
      try {
        return answer.json();
      } catch {
        return undefined;
      }
    };
    if (expect.body !== undefined) faults.push(...differences(body(), wanted(expect.body)));
    if (expect.has !== undefined) faults.push(...differences(body(), wanted(expect.has), true));
    if (expect.text !== undefined) faults.push(...differences(answer.text, wanted(expect.text)));
    for (const part of expect.without ?? [])
      if (`${answer.headers.join("\n")}\n${answer.text}`.includes(filledText(part, this.#variables)))
        faults.push(`it holds ${part}`);
    if (expect.sameAs !== undefined) {
      const other = this.#answers.get(expect.sameAs);
      if (other === undefined) throw new Failure(`No answer was saved as ${expect.sameAs}.`);
      faults.push(...differences(comparable(answer), comparable(other) as unknown as Json));
    }
    return faults;
  }

  async step(step: Step): Promise<void> {
    if ("parallel" in step) {
      const asks = step.parallel.flatMap((ask) =>
        Array.from({ length: ask.times ?? 1 }, () => ({ ...ask, times: 1 })),
      );
      const answers = await Promise.all(asks.map((ask) => this.ask(ask)));
      const wanted = step.expect?.statuses;
      if (wanted !== undefined) {
        const faults = differences(answers.map(({ status }) => status).sort(), wanted);
        if (faults.length > 0) throw new Failure(`at the same time: ${faults.join("; ")}`);
      }
    } else if ("open" in step) await this.open(step.open, step);
    else if ("next" in step) await this.#next(step);
    else if ("end" in step) {
      const event = await this.#stream(step.end).next(step.within ?? 5000);
      if (event !== undefined) throw new Failure(`stream ${step.end} goes on: ${JSON.stringify(event)}`);
    } else if ("close" in step) this.#stream(step.close).close();
    else await this.ask(step);
  }

  /** Opens a stream of events; the head of the answer is held against the expectation. */
  async open(name: string, step: Ask): Promise<EventStream> {
    const request = this.request(step);
    const opened = await EventStream.open(this.target.origin, request.target, request.headers);
    const answer = isStream(opened) ? opened.answer : opened;
    const faults = [
      ...conformanceFaults({ method: "GET", target: request.target }, answer),
      ...this.#unmet(answer, step.expect),
    ];
    if (isStream(opened)) this.#streams.set(name, opened);
    if (faults.length > 0) throw new Failure(`stream ${name} → ${answer.status}: ${faults.join("; ")}`);
    if (!isStream(opened)) throw new Failure(`stream ${name} → ${answer.status}`);
    return opened;
  }

  #stream(name: string): EventStream {
    const stream = this.#streams.get(name);
    if (stream === undefined) throw new Failure(`No stream ${name} is open.`);
    return stream;
  }

  async #next(step: Next): Promise<void> {
    const within = step.within ?? eventPatience;
    let event: Awaited<ReturnType<EventStream["next"]>>;
    try {
      event = await this.#stream(step.next).next(within);
    } catch (error) {
      throw new Failure(`stream ${step.next}: no event within ${within} ms (${(error as Error).message})`);
    }
    if (event === undefined) throw new Failure(`stream ${step.next} has ended`);
    const parsed = { event: event.event, id: Number(event.id), data: JSON.parse(event.data) as Json };
    const faults = differences(parsed, filled(step.expect as Json, this.#variables), true);
    if (faults.length > 0) throw new Failure(`stream ${step.next}: ${faults.join("; ")}`);
    for (const [name, from] of Object.entries(step.save ?? {})) this.#variables[name] = at(parsed, from);
  }

  /** A task as its owner sees it now. */
  async readTask(owner: string, id: unknown): Promise<Json> {
    const answer = await this.ask({
      who: owner,
      path: `/api/{{${owner}.id|encoded}}/tasks/${String(id)}`,
      expect: { status: 200 },
    });
    return answer.json() as Json;
  }

  close(): void {
    for (const stream of this.#streams.values()) stream.close();
  }
}

/** What stands for an answer where the service closed the connection instead. */
const refusedConnection: Answer = {
  status: 400,
  headers: [],
  body: Buffer.alloc(0),
  text: "",
  all: () => [],
  header: () => undefined,
  json: () => null,
};

function codeIn(answer: Answer): string {
  const problem = problemIn(answer);
  return typeof problem === "string" ? "" : ` (${problem.code})`;
}

/** All that can be asked of an answer to what is no proper request. */
function looseFaults(answer: Answer): string[] {
  const faults = answer.status >= 500 && answer.status !== 501 ? [`status ${answer.status}`] : [];
  if (/Traceback|\bat .*:\d+:\d+|node:internal/.test(answer.text)) faults.push("it holds a trace");
  return faults;
}

/** Runs one scenario with one row of its table. Fails with a {@link Failure}. */
export async function runSteps(
  target: Target,
  scenario: Scenario,
  row: Readonly<Record<string, Json>>,
): Promise<void> {
  const run = new Run(target, scenario, row);
  try {
    const before = new Map<string, readonly [string, Json]>();
    for (const [name, owner] of Object.entries(scenario.given ?? {})) {
      const task = await run.addTask(owner);
      run.save(name, task);
      before.set(name, [owner, task]);
    }
    run.fillRow(row);
    for (const [index, step] of (scenario.steps ?? []).entries()) {
      try {
        await run.step(step);
      } catch (error) {
        throw new Failure(`step ${index + 1}: ${(error as Error).message}`);
      }
    }
    for (const name of scenario.unchanged ?? []) {
      const [owner, task] = before.get(name) ?? [];
      if (owner === undefined || task === undefined) throw new Failure(`${name} was not given.`);
      const now = await run.readTask(owner, (task as { id: number }).id);
      const faults = differences(now, task);
      if (faults.length > 0) throw new Failure(`${name} has changed: ${faults.join("; ")}`);
    }
  } finally {
    run.close();
  }
}
