"use client";

import { AuthenticationError, AuthorizationError, ProblemError } from "watchword/client";
import { refusedToken } from "../session/refused-token.ts";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";

interface RequestErrorProps {
  error: Error | null;
  /** What could not be shown, as a sentence. */
  title: string;
  /** The same for someone who may not see it. */
  forbidden?: string;
  pending: boolean;
  onRetry: () => void;
}

/** Something could not be loaded: why, the API's status and code, and the way to try again. */
export function RequestError({ error, title, forbidden = title, pending, onRetry }: RequestErrorProps) {
  const refused = error instanceof AuthorizationError;
  return (
    <Notice
      tone="danger"
      title={refused ? forbidden : title}
      action={
        refused ? null : (
          <Button variant="secondary" pending={pending} onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {error instanceof AuthenticationError ? refusedToken(error) : error?.message}
      {error instanceof ProblemError ? (
        <span className="mt-1 block font-mono text-xs text-soft">
          {[error.status, error.problem.code].filter(Boolean).join(" ")}
        </span>
      ) : null}
    </Notice>
  );
}
