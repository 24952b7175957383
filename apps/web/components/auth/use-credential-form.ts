"use client";

import { type FormEvent, useRef, useState } from "react";
import type { CredentialErrors } from "../../lib/credentials.ts";

/** The answer to a sign-in or sign-up: faults by field, or one sentence for the whole form. */
export interface CredentialRefusal {
  readonly fields?: CredentialErrors;
  readonly form?: string;
}

interface CredentialFormOptions<Field extends string> {
  readonly fields: readonly Field[];
  /** Checked in the browser, before anything is sent. */
  readonly check: (values: Record<Field, string>) => CredentialErrors;
  /** Sends the form. Resolves with `null` when it was accepted. */
  readonly send: (values: Record<Field, string>) => Promise<CredentialRefusal | null>;
  readonly onAccepted: () => void;
}

/** State of a form with credentials: checks, sends, shows faults, and puts the focus on the first one. */
export function useCredentialForm<Field extends string>(options: CredentialFormOptions<Field>) {
  const [refusal, setRefusal] = useState<CredentialRefusal>({});
  const [pending, setPending] = useState(false);
  const formRef = useRef<HTMLFormElement>(null);

  function refuse(next: CredentialRefusal) {
    setRefusal(next);
    const first = options.fields.find((field) => next.fields && field in next.fields);
    if (first) formRef.current?.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus();
  }

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    const data = new FormData(event.currentTarget);
    const values = Object.fromEntries(
      options.fields.map((field) => [field, String(data.get(field) ?? "")]),
    ) as Record<Field, string>;
    const fields = options.check(values);
    if (Object.keys(fields).length > 0) return refuse({ fields });
    setRefusal({});
    setPending(true);
    const answer = await options.send(values);
    if (!answer) return options.onAccepted(); // Stays pending until the next page is there.
    setPending(false);
    refuse(answer);
  }

  return { formRef, onSubmit, pending, errors: refusal.fields ?? {}, formError: refusal.form };
}
