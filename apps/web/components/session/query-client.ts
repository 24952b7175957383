import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { AuthenticationError, NetworkError, ProblemError } from "watchword/client";
import { leaveIfSessionEnded } from "./session-end.ts";

const maxRetries = 2;

/** A cache for one signed-in user. A 401 anywhere asks whether the session has ended. */
export function createQueryClient(): QueryClient {
  const onError = (error: Error) => {
    if (error instanceof AuthenticationError) void leaveIfSessionEnded();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // "always": without a connection a change fails and is rolled back instead of waiting unseen.
      queries: { networkMode: "always", staleTime: 5_000, retry: isWorthRetrying },
      mutations: { networkMode: "always", retry: false },
    },
  });
}

/** A refusal stays a refusal; a lost connection or an overloaded server may recover. */
function isWorthRetrying(failures: number, error: Error): boolean {
  if (failures >= maxRetries) return false;
  return error instanceof NetworkError || (error instanceof ProblemError && error.status >= 500);
}
