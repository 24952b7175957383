import { type RefusalCode, WatchwordError } from "watchword";
import type { Violation } from "./violations.ts";

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
