/** One fault of a refused body or query, as listed in a 422 answer. */
export interface ProblemFault {
  /** Where the fault is: `body` or `query`. */
  readonly in: string;
  /** JSON pointer into the body, or `/name` of a query parameter. */
  readonly pointer: string;
  /** Stable code, for example `too_long`. */
  readonly code: string;
}

/**
 * The problem document of a refusal (RFC 9457 §3.1). An answer that is none is told in the same shape, with
 * `type: "about:blank"`.
 */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  /** The HTTP status of the answer. */
  readonly status: number;
  readonly detail: string;
  /** Stable code of the API, for example `expired`; absent when the answer carries none. */
  readonly code?: string;
  /** The faults of a 422 answer. */
  readonly errors?: readonly ProblemFault[];
}

/** An answer with an HTTP error status (400 or above). Its `message` is a sentence to show to a person. */
export class ProblemError extends Error {
  override readonly name: string = "ProblemError";
  readonly status: number;
  readonly problem: ProblemDocument;
  /** The answer itself; its body can still be read. */
  readonly response: Response;

  constructor(problem: ProblemDocument, response: Response, message: string = problem.detail) {
    super(message);
    this.status = problem.status;
    this.problem = problem;
    this.response = response;
  }
}

/** 401: nobody is signed in, or the session has ended. The reason is in `problem.code`. */
export class AuthenticationError extends ProblemError {
  override readonly name = "AuthenticationError";

  constructor(problem: ProblemDocument, response: Response) {
    super(problem, response, "You are not signed in, or your session has ended. Sign in and try again.");
  }
}

/** 403: the person is known and may not do this. Signing in again changes nothing. */
export class AuthorizationError extends ProblemError {
  override readonly name = "AuthorizationError";
}

/** 404: there is nothing at this address, or nothing that this person may know of. */
export class NotFoundError extends ProblemError {
  override readonly name = "NotFoundError";
}

/** No answer came back: offline, name not resolved, connection refused, blocked by CORS. The reason is in `cause`. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
}

/**
 * The typed error for an answer with status 400 or above. Reads a copy of the body, so `error.response` stays readable.
 *
 * @returns the error, to be thrown by the caller
 */
export async function errorFromResponse(response: Response): Promise<ProblemError> {
  const problem = problemDocument(response, await bodyMembers(response));
  if (response.status === 401) return new AuthenticationError(problem, response);
  if (response.status === 403) return new AuthorizationError(problem, response);
  if (response.status === 404) return new NotFoundError(problem, response);
  return new ProblemError(problem, response);
}

type Members = Readonly<Record<string, unknown>>;

async function bodyMembers(response: Response): Promise<Members> {
  try {
    const body: unknown = JSON.parse(await response.clone().text());
    return typeof body === "object" && body !== null ? (body as Members) : {};
  } catch {
    return {};
  }
}

function problemDocument(response: Response, body: Members): ProblemDocument {
  const code = text(body["code"]);
  const faults = body["errors"];
  return {
    type: text(body["type"]) ?? "about:blank",
    title: text(body["title"]) ?? (response.statusText || `HTTP ${response.status}`),
    status: response.status,
    // Better Auth says `message` where RFC 9457 says `detail`.
    detail: text(body["detail"]) ?? text(body["message"]) ?? fallbackDetail(response.status),
    ...(code === undefined ? {} : { code }),
    ...(Array.isArray(faults) ? { errors: faults.filter(isFault) } : {}),
  };
}

function fallbackDetail(status: number): string {
  if (status === 403) return "You are not allowed to do this.";
  if (status === 404) return "This does not exist, or is no longer there.";
  if (status === 429) return "Too many requests. Wait a moment and try again.";
  if (status >= 500) return `The service could not answer (${status}). Try again shortly.`;
  return `The request was refused (${status}).`;
}

function isFault(value: unknown): value is ProblemFault {
  if (typeof value !== "object" || value === null) return false;
  const fault = value as Members;
  return [fault["in"], fault["pointer"], fault["code"]].every((member) => typeof member === "string");
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
