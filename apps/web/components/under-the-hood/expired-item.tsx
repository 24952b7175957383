"use client";

import { type Attempt, tasksPath } from "../../lib/break-in.ts";
import { useSession } from "../session/session-provider.tsx";
import { BreakInItem } from "./break-in-item.tsx";
import { countdown } from "./figures.ts";
import type { BreakInState } from "./use-break-ins.ts";
import type { OwnToken } from "./use-own-token.ts";
import { useRemainingSeconds } from "./use-remaining-seconds.ts";

interface ExpiredItemProps {
  token: OwnToken;
  /** How long after its end the API still accepts a token, in seconds. */
  clockToleranceSeconds: number;
  state: BreakInState;
  unavailable: string | undefined;
  onTry: (attempt: Attempt) => void;
}

/** A token that was good and has ended. No page can make one, so this one has to be waited for. */
export function ExpiredItem({ token, clockToleranceSeconds, state, unavailable, onTry }: ExpiredItemProps) {
  const { user } = useSession();
  const remaining = useRemainingSeconds(token.endsAt + clockToleranceSeconds * 1000);
  const waiting = remaining > 0 ? `In ${countdown(remaining)}, if you stay here.` : undefined;
  return (
    <BreakInItem
      title="Use a token that has ended"
      text="The first token of this page, exactly as it was given out. No page can make one, and an end that is moved breaks the signature: so this has to be waited for."
      clause="CS-14"
      state={state}
      unavailable={unavailable ?? waiting}
      onTry={() =>
        onTry({
          path: tasksPath(user.id),
          authorization: `Bearer ${token.text}`,
          differences: ["a good token, after its end"],
        })
      }
    />
  );
}
