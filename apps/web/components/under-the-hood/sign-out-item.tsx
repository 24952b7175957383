"use client";

import { authClient } from "../../lib/auth-client.ts";
import { judge, tasksPath } from "../../lib/break-in.ts";
import { useSession } from "../session/session-provider.tsx";
import { tellTabs } from "../session/tabs.ts";
import { buttonStyle } from "../ui/button.tsx";
import { BreakInItem } from "./break-in-item.tsx";
import { type BreakInState, untried } from "./use-break-ins.ts";
import type { OwnToken } from "./use-own-token.ts";

/** How long the API is asked again while it does not know of the sign-out yet, in milliseconds. */
const patienceMs = 5_000;
const pauseMs = 200;

const stillGood =
  "Still good. Nothing tells this API of sign-outs, so the token ends by itself: that is why tokens are short-lived.";

interface SignOutItemProps {
  /** Absent where the browser holds none. */
  token: OwnToken | undefined;
  state: BreakInState;
  note: (state: BreakInState) => void;
  signedOut: boolean;
  onSignedOut: () => void;
}

/** Ends the session for real and goes on using its token. */
export function SignOutItem({ token, state, note, signedOut, onSignedOut }: SignOutItemProps) {
  const { api, user, proxied } = useSession();

  async function signOutAndAsk() {
    note({ ...untried, pending: true });
    const { error } = await authClient.signOut().catch((cause: unknown) => ({ error: cause }));
    if (error) {
      note({
        ...untried,
        error: new Error("You are still signed in: the web app did not answer. Try again."),
      });
      return;
    }
    api.forgetToken();
    tellTabs("signed-out");
    onSignedOut();
    try {
      note({ ...untried, outcome: await askUntilRefused(), open: true });
    } catch (cause) {
      note({ ...untried, error: new Error("You are signed out, but the API did not answer.", { cause }) });
    }
  }

  async function askUntilRefused() {
    const start = performance.now();
    for (;;) {
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      const sent = {
        path: tasksPath(user.id),
        authorization: token && `Bearer ${token.text}`,
        differences: [`${token ? "a good token" : "the same page"}, ${seconds} s after the sign-out`],
      };
      const answer = await api.askAs(sent.authorization, sent.path);
      const { verdict, words } = judge(sent, answer);
      if (verdict === "refused") return { attempt: sent, answer, verdict, words };
      if (performance.now() - start > patienceMs) return { attempt: sent, answer, verdict, words: stillGood };
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  return (
    <BreakInItem
      title="Go on after signing out"
      text={
        proxied
          ? "This signs you out for real, in all tabs, and goes on asking. Without a session the web app has no token to add."
          : "This signs you out for real, in all tabs, and sends the token of the ended session. Where the web app tells the API of ended sessions, their tokens end with them; otherwise a token stays good until its own end."
      }
      clause="CS-21"
      state={state}
      unavailable={signedOut ? "You are signed out." : undefined}
      onTry={signOutAndAsk}
    >
      {signedOut ? (
        // A full navigation: nothing of the ended session stays in memory.
        <a href="/login" className={buttonStyle("primary", "mt-3")}>
          Sign in again
        </a>
      ) : null}
    </BreakInItem>
  );
}
