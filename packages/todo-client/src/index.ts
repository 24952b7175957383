import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema.ts";

export type { components, operations, paths } from "./schema.ts";

type Schemas = components["schemas"];

export type ChatAnswer = Schemas["ChatAnswer"];
export type Conversation = Schemas["Conversation"];
export type ConversationDetail = Schemas["ConversationDetail"];
export type ConversationList = Schemas["ConversationList"];
export type Message = Schemas["Message"];
export type Post = Schemas["Post"];
export type PostCreate = Schemas["PostCreate"];
export type PostList = Schemas["PostList"];
export type Profile = Schemas["Profile"];
export type ProfileUpdate = Schemas["ProfileUpdate"];
export type Task = Schemas["Task"];
export type TaskCreate = Schemas["TaskCreate"];
export type TaskList = Schemas["TaskList"];
export type TaskUpdate = Schemas["TaskUpdate"];
export type User = Schemas["User"];
export type UserList = Schemas["UserList"];

/** Options of {@link createTodoClient}. */
export interface TodoClientOptions {
  /** Address of the API, without a slash at the end. */
  readonly baseUrl: string;
  /**
   * Sends the calls: `request` of `createApiClient` (`watchword/client`), which adds the token and throws typed errors, or
   * any other `fetch`.
   */
  readonly fetch: (request: Request) => Promise<Response>;
}

/** The Todo API, every path, parameter and answer typed by the contract. */
export type TodoClient = Client<paths, "application/json">;

export function createTodoClient({ baseUrl, fetch }: TodoClientOptions): TodoClient {
  return createClient<paths, "application/json">({ baseUrl, fetch });
}

/** The answer does not have the documented form: the address is probably not that of a Todo API. */
export class UnexpectedAnswerError extends Error {
  override readonly name = "UnexpectedAnswerError";
}

/**
 * The body of a successful answer.
 *
 * @throws UnexpectedAnswerError when it is no JSON object, or the `fetch` in use lets refusals through and it is one
 */
export async function dataOf<Data>(
  call: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<NonNullable<Data>> {
  const { data } = await call.catch((cause: unknown) => {
    if (cause instanceof SyntaxError) throw unexpected({ cause });
    throw cause;
  });
  if (typeof data === "object" && data !== null) return data;
  throw unexpected();
}

function unexpected(options?: ErrorOptions): UnexpectedAnswerError {
  return new UnexpectedAnswerError("The address of the API does not answer like the Todo API.", options);
}
