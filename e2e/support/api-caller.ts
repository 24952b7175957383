import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import { expectConforms } from "./conformance.ts";
import { type Answer, exchange, type HeaderLines } from "./raw-request.ts";
import { type Claims, type Realm, tokenFor } from "./token.ts";

/** A user of the API: known to it by nothing but the token. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly token: string;
  /** 128 random bits that stand in everything the user owns. */
  readonly nonce: string;
}

/** A task as the API gives it. */
export interface Task {
  readonly id: number;
  readonly user_id: string;
  readonly title: string;
  readonly description: string | null;
  readonly completed: boolean;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
}

/** One request, said briefly. */
export interface Request {
  readonly token?: string | undefined;
  readonly headers?: HeaderLines;
  /** Sent as JSON with its content type. */
  readonly json?: unknown;
  /** Sent as it is, without a content type of its own. */
  readonly body?: string | Uint8Array;
}

/** Calls one backend. Every answer is held against the contract before the test sees it. */
export class ApiCaller {
  readonly origin: string;
  readonly realm: Realm;

  constructor(origin: string, realm: Realm) {
    this.origin = origin;
    this.realm = realm;
  }

  /** A new user, with a token of claims that may be changed. */
  user(claims: Claims = {}, id?: string): User {
    const nonce = randomBytes(16).toString("hex");
    const userId = id ?? `user_${nonce.slice(0, 12)}`;
    const email = `${nonce}@example.test`;
    const name = `Name ${nonce}`;
    return {
      id: userId,
      email,
      name,
      nonce,
      token: tokenFor(this.realm, userId, { email, name, ...claims }),
    };
  }

  async ask(method: string, target: string, request: Request = {}): Promise<Answer> {
    const headers: HeaderLines = [
      ...(request.token === undefined ? [] : [["Authorization", `Bearer ${request.token}`] as const]),
      ...(request.json === undefined ? [] : [["Content-Type", "application/json"] as const]),
      ...(request.headers ?? []),
    ];
    const body = request.json === undefined ? request.body : JSON.stringify(request.json);
    const answer = await exchange(this.origin, { method, target, headers, body });
    expectConforms({ method, target }, answer);
    return answer;
  }

  /** Makes a task; its title carries the user's nonce. */
  async addTask(user: User, members: Claims = {}): Promise<Task> {
    const answer = await this.ask("POST", tasksOf(user), {
      token: user.token,
      json: { title: `Task of ${user.nonce}`, ...members },
    });
    expect(answer.status).toBe(201);
    return answer.json() as Task;
  }

  async readTask(user: User, id: number): Promise<Task> {
    const answer = await this.ask("GET", taskOf(user, id), { token: user.token });
    expect(answer.status).toBe(200);
    return answer.json() as Task;
  }

  async listTasks(
    user: User,
    query = "",
  ): Promise<{ items: Task[]; total: number; limit: number; offset: number }> {
    const answer = await this.ask("GET", `${tasksOf(user)}${query}`, { token: user.token });
    expect(answer.status).toBe(200);
    return answer.json() as { items: Task[]; total: number; limit: number; offset: number };
  }
}

export function tasksOf(user: User): string {
  return `/api/${encodeURIComponent(user.id)}/tasks`;
}

export function taskOf(user: User, id: number | string): string {
  return `${tasksOf(user)}/${id}`;
}

/** Two refusals that the caller cannot tell apart: same status, body and header values, apart from date and request id. */
export function expectSameAnswer(left: Answer, right: Answer): void {
  expect(comparable(left)).toEqual(comparable(right));
}

const varying = new Set(["date", "x-request-id", "connection", "keep-alive"]);

/** What of an answer must not vary: status, body and headers. */
export function comparable(answer: Answer): { status: number; headers: string[]; text: string } {
  return {
    status: answer.status,
    headers: answer.headers
      .filter(([name]) => !varying.has(name.toLowerCase()))
      .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
      .sort(),
    text: answer.text,
  };
}
