import { type RefusalCode, WatchwordError } from "watchword";

/** Every code of `errors[]` in a 422, as in contract/errors.json. */
export const violationCodes = [
  "required",
  "invalid_type",
  "invalid_text",
  "invalid_format",
  "invalid_value",
  "blank",
  "too_short",
  "too_long",
  "too_small",
  "too_big",
  "repeated",
] as const;

export type ViolationCode = (typeof violationCodes)[number];

/** One fault of the input: where it is, and what is wrong with it. */
export interface Violation {
  in: "body" | "query";
  /** JSON pointer (RFC 6901) into the body, or `/name` of a query parameter. */
  pointer: string;
  code: ViolationCode;
}

/** A refusal of this API that carries more than its code. */
export class ApiProblem extends WatchwordError {
  override readonly name: string = "ApiProblem";
  /** The faults of the input, for `validation_failed`. */
  readonly errors: readonly Violation[] | null;
  /** Header fields of the answer, such as `Allow` and `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: RefusalCode,
    extra: { errors?: readonly Violation[]; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(code, extra.cause === undefined ? {} : { cause: extra.cause });
    this.errors = extra.errors ?? null;
    this.headers = extra.headers ?? {};
  }
}

/** The answer while something this API needs cannot be used. */
export function unavailable(cause?: unknown): ApiProblem {
  return new ApiProblem("unavailable", { cause });
}
