import { ConfigurationError } from "../../errors.ts";

/** What the plugin closes in Better Auth itself. */
export interface ProtectionOptions {
  /** Every path but `GET /get-session` reads the session from the store, never from the cookie cache. Default true. */
  readonly sessions?: boolean | undefined;
  /**
   * Callback and redirect parameters, and the `Location` of every answer, lead to `baseURL` or to `trustedOrigins`. Default
   * true.
   */
  readonly redirects?: boolean | undefined;
  /** A user's name has 1 to 100 characters, an email address at most 254, an image at most 2048. Default true. */
  readonly userFields?: boolean | undefined;
  /** Wrong passwords per account in any minute, over every path that checks one: 1 to 1000. Default 10. */
  readonly wrongPasswordsPerMinute?: number | undefined;
}

/** The options with every default filled in. */
export interface ProtectionPolicy {
  readonly sessions: boolean;
  readonly redirects: boolean;
  readonly userFields: boolean;
  /** `undefined` where they are not counted. */
  readonly wrongPasswordsPerMinute: number | undefined;
}

/** @throws ConfigurationError for options that cannot be right */
export function checkProtection(options: boolean | ProtectionOptions): ProtectionPolicy {
  if (options === false) {
    return { sessions: false, redirects: false, userFields: false, wrongPasswordsPerMinute: undefined };
  }
  const {
    sessions = true,
    redirects = true,
    userFields = true,
    wrongPasswordsPerMinute = 10,
  } = options === true ? {} : options;
  if (
    !Number.isInteger(wrongPasswordsPerMinute) ||
    wrongPasswordsPerMinute < 1 ||
    wrongPasswordsPerMinute > 1000
  ) {
    throw new ConfigurationError("protect.wrongPasswordsPerMinute must be a whole number from 1 to 1000.");
  }
  return { sessions, redirects, userFields, wrongPasswordsPerMinute };
}
