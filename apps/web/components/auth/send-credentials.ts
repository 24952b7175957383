import { type AuthFailure, explainAuthFailure } from "../../lib/auth-answer.ts";
import type { CredentialRefusal } from "./use-credential-form.ts";

interface RefusedAnswer {
  readonly response: Response;
}

type Send = (options: { onError: (answer: RefusedAnswer) => void }) => Promise<{ error: AuthFailure | null }>;

/** Runs a call of the auth client. @returns `null` when it was accepted, else what to tell. */
export async function sendCredentials(send: Send): Promise<CredentialRefusal | null> {
  let retryAfter = Number.NaN;
  const onError = ({ response }: RefusedAnswer) => {
    retryAfter = Number(response.headers.get("x-retry-after") ?? Number.NaN);
  };
  const { error } = await send({ onError }).catch(() => ({ error: {} }));
  return error && explainAuthFailure(error, Number.isFinite(retryAfter) ? retryAfter : undefined);
}
