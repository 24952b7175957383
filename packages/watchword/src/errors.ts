/** What the contract says about one code. */
export interface ErrorEntry {
  /** HTTP status; `null` for a fault that never reaches HTTP. */
  readonly status: number | null;
  /** `error` of the challenge (RFC 6750 §3.1); `null` when the challenge carries none. */
  readonly error: string | null;
  readonly title: string;
  readonly detail: string;
  /** Other details of the same code, by name. */
  readonly variants?: Readonly<Record<string, string>>;
}

const invalidToken = { status: 401, error: "invalid_token", detail: "Invalid token." } as const;

/** Every code with its HTTP form: the same facts as `contract/errors.json`, which a test holds it against. */
export const errorTable = {
  missing: {
    status: 401,
    error: null,
    title: "Authentication required",
    detail: "Authorization header missing. Include: Authorization: Bearer <token>",
    variants: { scheme: "This authorization scheme is not supported. Expected: Bearer <token>" },
  },
  malformed: {
    ...invalidToken,
    title: "Malformed credential",
    variants: { credential: "Invalid authorization header format. Expected: Bearer <token>" },
  },
  ambiguous_credentials: {
    status: 400,
    error: "invalid_request",
    title: "More than one credential",
    detail: "More than one credential was sent. Send exactly one Authorization header.",
  },
  too_large: { ...invalidToken, title: "Token too large" },
  unsupported_alg: { ...invalidToken, title: "Unsupported algorithm" },
  unsupported_crit: { ...invalidToken, title: "Unsupported critical header" },
  unknown_key: { ...invalidToken, title: "Unknown key" },
  bad_signature: { ...invalidToken, title: "Bad signature" },
  wrong_type: { ...invalidToken, title: "Wrong kind of token" },
  missing_claim: {
    ...invalidToken,
    title: "Claim missing",
    variants: { sub: "Token missing user ID (sub claim)." },
  },
  invalid_claim: { ...invalidToken, title: "Invalid claim" },
  expired: { status: 401, error: "invalid_token", title: "Token expired", detail: "Token has expired." },
  not_yet_valid: { ...invalidToken, title: "Token not yet valid" },
  wrong_issuer: { ...invalidToken, title: "Wrong issuer" },
  wrong_audience: { ...invalidToken, title: "Wrong audience" },
  sender_constrained: { ...invalidToken, title: "Sender-constrained token" },
  revoked: { ...invalidToken, title: "Token revoked" },
  insufficient_scope: {
    status: 403,
    error: "insufficient_scope",
    title: "Insufficient scope",
    detail: "Access denied. The token does not grant what this operation needs.",
  },
  wrong_subject: {
    status: 403,
    error: null,
    title: "Access denied",
    detail: "Access denied. You can only access your own resources.",
  },
  malformed_request: {
    status: 400,
    error: null,
    title: "Malformed request",
    detail: "The request is not well-formed HTTP/1.1.",
  },
  malformed_body: {
    status: 400,
    error: null,
    title: "Unreadable body",
    detail: "The request body is not well-formed JSON in UTF-8.",
  },
  not_found: { status: 404, error: null, title: "Not found", detail: "Resource not found." },
  method_not_allowed: {
    status: 405,
    error: null,
    title: "Method not allowed",
    detail: "This resource does not support the method. See the Allow header.",
  },
  precondition_failed: {
    status: 412,
    error: null,
    title: "Precondition failed",
    detail: "The resource has changed since it was read. Read it again and repeat the change.",
  },
  body_too_large: {
    status: 413,
    error: null,
    title: "Body too large",
    detail: "The request body is larger than 65536 bytes.",
  },
  unsupported_media_type: {
    status: 415,
    error: null,
    title: "Unsupported media type",
    detail: "Send the body as application/json.",
  },
  validation_failed: { status: 422, error: null, title: "Validation failed", detail: "Validation error." },
  rate_limited: {
    status: 429,
    error: null,
    title: "Too many requests",
    detail: "Too many failed authentication attempts. Wait and try again.",
  },
  internal_error: {
    status: 500,
    error: null,
    title: "Internal error",
    detail: "The request could not be completed. It is safe to try again.",
  },
  unavailable: {
    status: 503,
    error: null,
    title: "Service unavailable",
    detail: "The service is temporarily unavailable. Try again shortly.",
    variants: {
      revocations:
        "The service has no current list of revoked tokens, and accepts no token without it. Start the issuer; the service's log says more.",
      keys: "The service cannot fetch the public keys that verify tokens. Start the issuer; the service's log says more.",
    },
  },
  misconfigured: {
    status: null,
    error: null,
    title: "Misconfigured",
    detail: "Refused at start-up. The message says what to change.",
  },
} as const satisfies Record<string, ErrorEntry>;

/** The closed union of codes, the same words in both languages, the contract and the documentation. */
export type ErrorCode = keyof typeof errorTable;

/** The codes that a request can be refused with. */
export type RefusalCode = Exclude<ErrorCode, "misconfigured">;

/** What a refusal may say beyond its code. None of it comes from the token but the name of a claim. */
export interface RefusalOptions {
  /** Name of another detail of the same code, a key of `errorTable[code].variants`. */
  readonly variant?: string;
  /** Name of the claim that was refused, for the operator. */
  readonly claim?: string;
  /** Scopes that the operation needs, for the challenge of `insufficient_scope` (RFC 6750 §3). */
  readonly scopes?: readonly string[];
  readonly cause?: unknown;
}

/** A refused request. `message` is the contract's detail: it never holds anything that was sent. */
export class WatchwordError extends Error {
  override readonly name: string = "WatchwordError";
  readonly code: RefusalCode;
  /** HTTP status. */
  readonly status: number;
  readonly variant?: string;
  readonly claim?: string;
  readonly scopes?: readonly string[];
  /**
   * For the operator alone, where the code is `unknown_key` or `wrong_audience`: `aud` of the refused token, unverified,
   * in printable ASCII of at most 256 characters. Several audiences are separated by spaces.
   */
  readonly audience?: string;
  /** The audiences that the verifier accepts, separated by spaces; present where `audience` is. */
  readonly expectedAudience?: string;
  /**
   * For the operator alone, where the code is `wrong_issuer`: `iss` of the refused token, in printable ASCII of at most 256
   * characters.
   */
  readonly issuer?: string;
  /** The issuers that the verifier accepts, separated by spaces; present where `issuer` is. */
  readonly expectedIssuer?: string;

  constructor(code: RefusalCode, options: RefusalOptions = {}) {
    const entry: ErrorEntry = errorTable[code];
    const detail = options.variant === undefined ? undefined : entry.variants?.[options.variant];
    super(detail ?? entry.detail, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.status = errorTable[code].status;
    if (options.variant !== undefined) this.variant = options.variant;
    if (options.claim !== undefined) this.claim = options.claim;
    if (options.scopes !== undefined) this.scopes = options.scopes;
  }
}

/** A configuration that cannot be right. Thrown at construction, so that the process does not start. */
export class ConfigurationError extends Error {
  override readonly name: string = "ConfigurationError";
  readonly code = "misconfigured";
}
