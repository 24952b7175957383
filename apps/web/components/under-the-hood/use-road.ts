"use client";

import { useState, useSyncExternalStore } from "react";
import type { RoadEvent } from "../../lib/road-log.ts";
import { useSession } from "../session/session-provider.tsx";

const none: readonly RoadEvent[] = [];

/** The last requests, and the one that is looked at: the newest until another is chosen. */
export function useRoad() {
  const { roadLog } = useSession();
  const events = useSyncExternalStore(roadLog.subscribe, roadLog.events, () => none);
  const [chosen, choose] = useState<{ id: number; newest: number }>();
  const newest = events[0];
  // A choice holds until something new happens.
  const held = chosen && chosen.newest === newest?.id ? events.find(({ id }) => id === chosen.id) : undefined;
  const shown = held ?? newest;
  return {
    events,
    shown,
    /** Where the token of the shown request was given out, if that is still known. */
    origin: shown?.kind === "call" ? originOf(shown, events) : undefined,
    show: (id: number) => newest && choose({ id, newest: newest.id }),
  };
}

function originOf({ tokenId }: RoadEvent, events: readonly RoadEvent[]): RoadEvent | undefined {
  if (tokenId === undefined) return undefined;
  return events.find(({ answer }) => answer?.issued?.tokenId === tokenId);
}
