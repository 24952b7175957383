"use client";

import { useEffect, useRef, useState } from "react";
import { type Attempt, tasksPath } from "../../lib/break-in.ts";
import { useSession } from "../session/session-provider.tsx";
import { BreakInItem } from "./break-in-item.tsx";
import { countdown } from "./figures.ts";
import { type BreakInState, untried } from "./use-break-ins.ts";
import { fetchShortToken, type OwnToken } from "./use-own-token.ts";
import { useRemainingSeconds } from "./use-remaining-seconds.ts";

interface ExpiredItemProps {
  /** How long after its end the API still accepts a token, in seconds. */
  clockToleranceSeconds: number;
  state: BreakInState;
  note: (state: BreakInState) => void;
  unavailable: string | undefined;
  onTry: (attempt: Attempt) => void;
}

/**
 * A token that was good and has ended. No page can make one, so the one with the shortest life is asked for, and sent when
 * that is over.
 */
export function ExpiredItem({ clockToleranceSeconds, state, note, unavailable, onTry }: ExpiredItemProps) {
  const { api, user } = useSession();
  const [waiting, setWaiting] = useState<OwnToken>();

  async function begin() {
    note({ ...untried, pending: true });
    try {
      setWaiting(await fetchShortToken(api));
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      note({ ...untried, error });
    }
  }

  function send({ text, lifeSeconds }: OwnToken) {
    setWaiting(undefined);
    onTry({
      path: tasksPath(user.id),
      authorization: `Bearer ${text}`,
      differences: [`given out for ${lifeSeconds} s, which are over`, "nothing else was touched"],
    });
  }

  return (
    <BreakInItem
      title="Use a token that has ended"
      text="No page can make one, and an end that is moved breaks the signature. So the web app is asked for a token that lives a minute, and it is sent as it is when that minute is over."
      clause="CS-14"
      state={state}
      unavailable={unavailable}
      onTry={begin}
    >
      {waiting && unavailable === undefined ? (
        <Wait
          key={waiting.text}
          until={waiting.endsAt + clockToleranceSeconds * 1000}
          onOver={() => send(waiting)}
        />
      ) : null}
    </BreakInItem>
  );
}

/** Counts down, and says once that the time has come. */
function Wait({ until, onOver }: { until: number; onOver: () => void }) {
  const remaining = useRemainingSeconds(until);
  const over = useRef(false);
  useEffect(() => {
    if (remaining > 0 || over.current) return;
    over.current = true;
    onOver();
  });
  return (
    <p className="mt-2 text-sm text-soft tabular-nums" role="timer">
      It is sent in {countdown(remaining)}, if you stay here.
    </p>
  );
}
