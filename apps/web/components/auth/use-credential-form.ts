"use client";

import { type FormEvent, useRef, useState } from "react";
import type { ExplainedFailure } from "../../lib/auth-answer.ts";
import type { CredentialErrors } from "../../lib/credentials.ts";
import { useCountdown } from "../ui/use-countdown.ts";
import { useEcho } from "../ui/use-echo.ts";

/** The answer to a form with credentials: faults by field, or one sentence for the whole form. */
export type CredentialRefusal = ExplainedFailure;

interface CredentialFormOptions<Field extends string> {
  readonly fields: readonly Field[];
  /** Checked in the browser, before anything is sent. */
  readonly check: (values: Record<Field, string>) => CredentialErrors;
  /** Sends the form. Resolves with `null` when it was accepted. */
  readonly send: (values: Record<Field, string>) => Promise<CredentialRefusal | null>;
  /** `"stay"` when the form is still there afterwards, `"leave"` when it shall be busy until the next page has come. */
  readonly onAccepted: (form: HTMLFormElement) => "stay" | "leave";
}

/** State of a form with credentials: checks, sends, shows faults, and puts the focus on the first one. */
export function useCredentialForm<Field extends string>(options: CredentialFormOptions<Field>) {
  const [refusal, setRefusal] = useState<CredentialRefusal>({});
  const [pending, setPending] = useState(false);
  const formRef = useRef<HTMLFormElement>(null);
  const { left: waitSeconds, start: startWaiting } = useCountdown();
  const { noteSuccess, isEcho } = useEcho();
  const waitedEnough = refusal.retryAfterSeconds !== undefined && waitSeconds === 0;

  function refuse(next: CredentialRefusal) {
    setRefusal(next);
    if (next.retryAfterSeconds !== undefined) startWaiting(next.retryAfterSeconds);
    const first = options.fields.find((field) => next.fields && field in next.fields);
    if (first) formRef.current?.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus();
  }

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending || waitSeconds > 0) return;
    const form = event.currentTarget;
    const data = new FormData(form);
    const values = Object.fromEntries(
      options.fields.map((field) => [field, String(data.get(field) ?? "")]),
    ) as Record<Field, string>;
    if (options.fields.every((field) => values[field] === "") && isEcho()) return;
    const fields = options.check(values);
    if (Object.keys(fields).length > 0) return refuse({ fields });
    setRefusal({});
    setPending(true);
    const answer = await options.send(values);
    if (answer) refuse(answer);
    else noteSuccess();
    if (answer || options.onAccepted(form) === "stay") setPending(false);
  }

  return {
    formRef,
    onSubmit,
    pending,
    errors: refusal.fields ?? {},
    formError: waitedEnough ? undefined : refusal.form,
    /** Seconds until the form may be sent again; 0 when it may. */
    waitSeconds,
  };
}
