"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useState } from "react";
import { type Api, createApi } from "../../lib/api.ts";
import { authClient } from "../../lib/auth-client.ts";
import type { SessionUser } from "../../lib/session.ts";
import { createQueryClient } from "./query-client.ts";

interface SessionContextValue {
  readonly user: SessionUser;
  /** Public address of the API, read by the server when it renders the page. */
  readonly apiUrl: string;
  readonly api: Api;
  /** Ends the session and leaves for the front page. Resolves with false when the server did not answer. */
  readonly signOut: () => Promise<boolean>;
}

const SessionContext = createContext<SessionContextValue | null>(null);

/** The signed-in user and the API on their behalf. Must be inside {@link SessionProvider}. */
export function useSession(): SessionContextValue {
  const value = useContext(SessionContext);
  if (!value) throw new Error("useSession is used outside of SessionProvider");
  return value;
}

interface SessionProviderProps {
  user: SessionUser;
  apiUrl: string;
  children: ReactNode;
}

export function SessionProvider({ user, apiUrl, children }: SessionProviderProps) {
  const [api] = useState(() => createApi({ apiUrl, userId: user.id }));
  const [queryClient] = useState(createQueryClient);

  async function signOut(): Promise<boolean> {
    const { error } = await authClient.signOut().catch((cause: unknown) => ({ error: cause }));
    if (error) return false;
    api.forgetToken();
    queryClient.clear();
    // A full navigation, so that nothing of this user stays in memory.
    window.location.assign("/");
    return true;
  }

  return (
    <QueryClientProvider client={queryClient}>
      <SessionContext value={{ user, apiUrl, api, signOut }}>{children}</SessionContext>
    </QueryClientProvider>
  );
}
