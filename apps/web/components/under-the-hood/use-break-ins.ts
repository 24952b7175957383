"use client";

import { useState } from "react";
import { type Attempt, judge } from "../../lib/break-in.ts";
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

  /** Sends the attempts one after another, up to the first that is an attack. */
  async function send(
    id: string,
    attempts: ReadonlyArray<() => Attempt | Promise<Attempt>>,
    { open = true } = {},
  ): Promise<void> {
    note(id, { ...untried, pending: true });
    try {
      for (const prepare of attempts) {
        const attempt = await prepare();
        const answer = await api.askAs(attempt.authorization, attempt.path);
        const outcome = { attempt, answer, ...judge(attempt, answer) };
        note(id, { ...untried, outcome, open });
        if (outcome.verdict !== "not an attack") return;
      }
    } catch (cause) {
      note(id, { ...untried, error: cause instanceof Error ? cause : new Error(String(cause)), open });
    }
  }

  return { stateOf: (id: string) => states[id] ?? untried, note, send };
}
