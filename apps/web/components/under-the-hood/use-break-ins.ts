"use client";

import { useState } from "react";
import type { Attempt } from "../../lib/break-in.ts";
import { useSession } from "../session/session-provider.tsx";
import type { Outcome } from "./exchange.tsx";

/** What has come of the attempts so far, by the name of the attempt. */
export interface BreakInState {
  readonly pending: boolean;
  readonly outcome: Outcome | undefined;
  readonly error: Error | undefined;
  /** It was tried by itself, and is shown with everything. */
  readonly open: boolean;
}

export const untried: BreakInState = { pending: false, outcome: undefined, error: undefined, open: false };

/** Tries ways in, for real, and keeps what came of them. */
export function useBreakIns() {
  const { api } = useSession();
  const [states, setStates] = useState<Readonly<Record<string, BreakInState>>>({});
  const note = (id: string, state: BreakInState) => setStates((all) => ({ ...all, [id]: state }));

  async function send(
    id: string,
    prepare: () => Attempt | Promise<Attempt>,
    { passed = "It got through. That must not happen.", open = true } = {},
  ): Promise<void> {
    note(id, { ...untried, pending: true });
    try {
      const attempt = await prepare();
      const answer = await api.askAs(attempt.authorization, attempt.path);
      note(id, { ...untried, outcome: { attempt, answer, passed }, open });
    } catch (cause) {
      note(id, { ...untried, error: cause instanceof Error ? cause : new Error(String(cause)), open });
    }
  }

  return { stateOf: (id: string) => states[id] ?? untried, note, send };
}
