"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { revokeSession } from "../../app/(app)/account/actions.ts";
import type { OwnSession } from "../../lib/account.ts";
import { authClient } from "../../lib/auth-client.ts";
import { useSession } from "../session/session-provider.tsx";
import { Button } from "../ui/button.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";
import { useToast } from "../ui/toast.tsx";
import { useHydrated } from "../ui/use-hydrated.ts";

/** The sessions of the user on all devices; each but this one can be ended, or all of them at once. */
export function SessionList({ sessions }: { sessions: readonly OwnSession[] }) {
  const { signOut } = useSession();
  const router = useRouter();
  const toast = useToast();
  const [ending, setEnding] = useState<string>();
  const ready = useHydrated() && ending === undefined;

  function notDone(session?: OwnSession) {
    setEnding(undefined);
    toast({
      title: "The session goes on",
      ...(session && { row: session.device }),
      description: "The server did not do it. Try again.",
      tone: "danger",
    });
  }

  async function end(session: OwnSession) {
    setEnding(session.id);
    const ended = await revokeSession(session.id).catch(() => undefined);
    if (ended === undefined) return notDone(session);
    setEnding(undefined);
    router.refresh();
  }

  async function endAll() {
    setEnding("all");
    const { error } = await authClient.revokeSessions().catch((cause: unknown) => ({ error: cause }));
    // Takes the cookies away too, and empties the other tabs.
    if (error || !(await signOut())) notDone();
  }

  return (
    <div data-once className="grid justify-items-start gap-5">
      <ul aria-label="Sessions" className="w-full divide-y divide-line border-y border-line">
        {sessions.map((session) => (
          <li key={session.id} className="flex items-center justify-between gap-4 py-3">
            <div className="min-w-0">
              <p className="text-sm font-medium">{session.device}</p>
              <p className="flex flex-wrap gap-x-3 text-sm text-soft">
                <TimeAgo iso={session.since} />
                {session.address ? (
                  <span className="font-mono text-xs leading-5">{session.address}</span>
                ) : null}
              </p>
            </div>
            {session.current ? (
              <span className="shrink-0 rounded bg-good-wash px-2 py-0.5 text-sm text-good">This device</span>
            ) : (
              <Button
                variant="secondary"
                className="min-h-9 px-3"
                aria-label={`End the session of ${session.device}`}
                pending={ending === session.id}
                disabled={!ready}
                onClick={() => end(session)}
              >
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Button variant="secondary" pending={ending === "all"} disabled={!ready} onClick={endAll}>
        Sign out everywhere
      </Button>
    </div>
  );
}
