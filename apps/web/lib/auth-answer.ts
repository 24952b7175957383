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
}

const byCode: Readonly<Record<string, ExplainedFailure>> = {
  INVALID_EMAIL_OR_PASSWORD: {
    form: "The e-mail address or the password is wrong. Check both and try again.",
  },
  USER_ALREADY_EXISTS: { fields: { email: "There is an account for this address. Sign in instead." } },
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: {
    fields: { email: "There is an account for this address. Sign in instead." },
  },
  INVALID_EMAIL: { fields: { email: "Enter an e-mail address like ada@example.com." } },
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
    const wait = retryAfterSeconds ? `${retryAfterSeconds} seconds` : "a minute";
    return { form: `Too many attempts. Wait ${wait} and try again.` };
  }
  if (!failure.status) return { form: "The server did not answer. Check your connection and try again." };
  return { form: failure.message || "This did not work. Try again in a moment." };
}
