import type { CredentialErrors } from "./credentials.ts";

/** What Better Auth's client gives back when it refuses. */
export interface AuthFailure {
  readonly status?: number;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
}

export interface ExplainedFailure {
  readonly fields?: CredentialErrors;
  readonly form?: string;
  /** Seconds until another attempt makes sense. */
  readonly retryAfterSeconds?: number;
}

const byCode: Readonly<Record<string, ExplainedFailure>> = {
  INVALID_EMAIL_OR_PASSWORD: {
    form: "The e-mail address or the password is wrong. Check both and try again.",
  },
  USER_ALREADY_EXISTS: { fields: { email: "There is an account for this address. Sign in instead." } },
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: {
    fields: { email: "There is an account for this address. Sign in instead." },
  },
  INVALID_NAME: { fields: { name: "Use 1 to 100 characters, and no control characters." } },
  TOO_MANY_PASSWORD_ATTEMPTS: {
    form: "Too many wrong passwords for this account. Wait a minute and try again.",
    retryAfterSeconds: 60,
  },
  INVALID_EMAIL: { fields: { email: "Enter an e-mail address like ada@example.com." } },
  EMAIL_NOT_VERIFIED: {
    form: "This address has not been confirmed yet. A letter with a link is on its way: open the link, then sign in.",
  },
  INVALID_PASSWORD: { fields: { currentPassword: "This is not your password." } },
  INVALID_TOKEN: {
    form: "This link is no longer good: it was used already, or an hour has passed. Ask for another one.",
  },
  CREDENTIAL_ACCOUNT_NOT_FOUND: {
    form: "Your account has no password: you sign in with another service.",
  },
  BANNED_USER: { form: "This account has been closed by an administrator." },
  PASSWORD_TOO_SHORT: { fields: { password: "This password is too short. Use at least 8 characters." } },
  PASSWORD_TOO_LONG: { fields: { password: "This password is too long. Use at most 128 characters." } },
  INVALID_ORIGIN: {
    form: "This page was opened under another address than BETTER_AUTH_URL names. Open it there, or change the setting.",
  },
};

/**
 * Says in words what a refused sign-in or sign-up means for the person in front of the form.
 * @param retryAfterSeconds from the answer's `X-Retry-After`, when it had one.
 */
export function explainAuthFailure(failure: AuthFailure, retryAfterSeconds?: number): ExplainedFailure {
  const known = failure.code === undefined ? undefined : byCode[failure.code];
  if (known) return known;
  if (failure.status === 429) {
    return {
      form: "Too many attempts. Wait a little and try again.",
      retryAfterSeconds: retryAfterSeconds ?? 60,
    };
  }
  if (!failure.status) return { form: "The server did not answer. Check your connection and try again." };
  return { form: failure.message || "This did not work. Try again in a moment." };
}
