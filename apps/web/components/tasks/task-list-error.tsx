import { AuthenticationError, AuthorizationError, ProblemError } from "countersign/client";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { refusedToken } from "./use-failure-toast.ts";

interface TaskListErrorProps {
  error: Error | null;
  pending: boolean;
  onRetry: () => void;
}

export function TaskListError({ error, pending, onRetry }: TaskListErrorProps) {
  return (
    <div className="pt-6">
      <Notice
        tone="danger"
        title={title(error)}
        action={
          <Button variant="secondary" pending={pending} onClick={onRetry}>
            Try again
          </Button>
        }
      >
        {error instanceof AuthenticationError ? refusedToken(error) : error?.message}
        {error instanceof ProblemError ? (
          <span className="mt-1 block font-mono text-xs text-soft">
            {[error.status, error.problem.code].filter(Boolean).join(" ")}
          </span>
        ) : null}
      </Notice>
    </div>
  );
}

function title(error: Error | null): string {
  return error instanceof AuthorizationError
    ? "You may not see these tasks"
    : "Your tasks could not be loaded";
}
