import { APIError } from "better-auth/api";

/**
 * Why the token endpoint refuses, as in `contract/issuer-errors.json` and in Better Auth's form: the code is in the answer's
 * `code`, and never changes.
 */
export const refusals = {
  NOT_SIGNED_IN: { status: "UNAUTHORIZED", message: "You are not signed in, or your session has ended." },
  AMBIGUOUS_SESSION: {
    status: "BAD_REQUEST",
    message: "The browser sent the session cookies of two users. Sign in again.",
  },
  CROSS_SITE_REQUEST: { status: "FORBIDDEN", message: "Tokens are not given to pages of another site." },
  UNTRUSTED_ORIGIN: { status: "FORBIDDEN", message: "Tokens are not given to this origin." },
  UNKNOWN_AUDIENCE: { status: "BAD_REQUEST", message: "There are no tokens for this audience." },
  INVALID_SCOPE: { status: "BAD_REQUEST", message: "This scope is not granted." },
  INVALID_TTL: { status: "BAD_REQUEST", message: "Tokens are not given this life." },
  INVALID_CLAIMS: { status: "INTERNAL_SERVER_ERROR", message: "The token could not be made." },
  SESSION_STORE_UNAVAILABLE: {
    status: "SERVICE_UNAVAILABLE",
    message: "Sessions cannot be read now. Try again.",
  },
  KEY_STORE_UNAVAILABLE: {
    status: "SERVICE_UNAVAILABLE",
    message: "The signing key cannot be read now. Try again.",
  },
} as const;

export type RefusalName = keyof typeof refusals;

/** A refused request for a token. */
export class TokenRefusal extends Error {
  override readonly name = "TokenRefusal";
  readonly code: RefusalName;
  /** Name of the claim at fault, for the operator only. */
  readonly claim: string | undefined;

  constructor(code: RefusalName, claim?: string, options?: ErrorOptions) {
    super(refusals[code].message, options);
    this.code = code;
    this.claim = claim;
  }

  /** What Better Auth answers: the status, `code` and `message`, and nothing else. */
  toApiError(): APIError {
    return new APIError(refusals[this.code].status, { code: this.code, message: this.message });
  }
}
