"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { type Api, createApi } from "../../lib/api.ts";
import { authClient } from "../../lib/auth-client.ts";
import { isProxied } from "../../lib/browser-fetch.ts";
import { RoadLog } from "../../lib/road-log.ts";
import type { SessionUser } from "../../lib/session.ts";
import { createQueryClient } from "./query-client.ts";
import { onOtherSession, tellTabs } from "./tabs.ts";

interface SessionContextValue {
  readonly user: SessionUser;
  /** Public address of the API, read by the server when it renders the page. */
  readonly apiUrl: string;
  readonly api: Api;
  /** The web application adds the tokens on its server: this page has none. */
  readonly proxied: boolean;
  /** The last requests of this page. */
  readonly roadLog: RoadLog;
  /** Ends the session and leaves for the front page. Resolves with false when the server did not answer. */
  readonly signOut: () => Promise<boolean>;
  /** Empties this page and all others of the browser after the session has ended, and leaves for `target`. */
  readonly leave: (target: string) => void;
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
  const [queryClient] = useState(createQueryClient);
  const [roadLog] = useState(() => new RoadLog());
  const [api] = useState(() => createApi({ apiUrl, userId: user.id, onOtherUser: startAgain, roadLog }));

  function empty() {
    api.forgetToken();
    queryClient.clear();
  }

  // Another tab has signed out or in: nothing of this user stays here, and the server decides what comes next.
  useEffect(
    () =>
      onOtherSession(user.id, () => {
        api.forgetToken();
        queryClient.clear();
        startAgain();
      }),
    [api, queryClient, user.id],
  );

  useEffect(() => tellTabs({ openedFor: user.id }), [user.id]);

  function leave(target: string) {
    empty();
    tellTabs("signed-out");
    // A full navigation, so that nothing of this user stays in memory.
    window.location.assign(target);
  }

  async function signOut(): Promise<boolean> {
    const { error } = await authClient.signOut().catch((cause: unknown) => ({ error: cause }));
    if (error) return false;
    leave("/");
    return true;
  }

  return (
    <QueryClientProvider client={queryClient}>
      <SessionContext value={{ user, apiUrl, proxied: isProxied(apiUrl), api, roadLog, signOut, leave }}>
        {children}
      </SessionContext>
    </QueryClientProvider>
  );
}

/** The page as the server renders it for whoever is signed in now. */
function startAgain(): void {
  window.location.reload();
}
