"use client";

import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { authClient } from "../../lib/auth-client.ts";
import type { MailSetting } from "../../lib/mail-setting.ts";
import { sendCredentials } from "../auth/send-credentials.ts";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { useCountdown } from "../ui/use-countdown.ts";
import { useHydrated } from "../ui/use-hydrated.ts";

interface EmailSectionProps {
  email: string;
  verified: boolean;
  /** How a link reaches the user. */
  mail: MailSetting["kind"];
  /** A link that was sent has led here, and was not good. */
  linkRefused: boolean;
}

export function EmailSection({ email, verified, mail, linkRefused }: EmailSectionProps) {
  const [state, setState] = useState<"idle" | "sending" | "sent">("idle");
  const [fault, setFault] = useState(
    linkRefused && !verified
      ? "This link is no longer good: it was not copied whole, or an hour has passed. Ask for another one."
      : undefined,
  );
  const { left, start } = useCountdown();
  const hydrated = useHydrated();

  async function send() {
    setState("sending");
    setFault(undefined);
    const refusal = await sendCredentials((fetchOptions) =>
      authClient.sendVerificationEmail({ email, callbackURL: "/account", fetchOptions }),
    );
    setState(refusal ? "idle" : "sent");
    setFault(refusal?.form);
    if (refusal?.retryAfterSeconds) start(refusal.retryAfterSeconds);
  }

  return (
    <div className="grid justify-items-start gap-4">
      <div>
        <p className="wrap-anywhere">{email}</p>
        <p className="mt-1 flex items-center gap-1.5 text-sm text-soft">
          {verified ? <CircleCheck aria-hidden className="size-4 text-good" /> : null}
          {verified ? "Confirmed" : "Not confirmed"}
        </p>
      </div>
      {fault ? <Notice tone="danger">{fault}</Notice> : null}
      {verified || mail === "none" ? null : state === "sent" ? (
        <Notice tone="info">
          {mail === "smtp"
            ? "A letter with a link is on its way. It is good for an hour."
            : "The link is in the server's log, for no mail server is set. It is good for an hour."}
        </Notice>
      ) : (
        <Button
          variant="secondary"
          pending={state === "sending"}
          disabled={!hydrated || left > 0}
          onClick={send}
          className="tabular-nums"
        >
          {left > 0 ? `Try again in ${left} s` : "Confirm this address"}
        </Button>
      )}
    </div>
  );
}
