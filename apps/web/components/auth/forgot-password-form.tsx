"use client";

import { useState } from "react";
import { authClient } from "../../lib/auth-client.ts";
import { checkForgotten } from "../../lib/credentials.ts";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Notice } from "../ui/notice.tsx";
import { sendCredentials } from "./send-credentials.ts";
import { SubmitButton } from "./submit-button.tsx";
import { useCredentialForm } from "./use-credential-form.ts";

/** Asks for a letter with a link to a new password. The answer is the same whether there is such an account or not. */
export function ForgotPasswordForm({ way }: { way: "mail" | "log" }) {
  const [sent, setSent] = useState(false);
  const { formRef, onSubmit, pending, errors, formError, waitSeconds } = useCredentialForm({
    fields: ["email"],
    check: checkForgotten,
    send: ({ email }) =>
      sendCredentials((fetchOptions) =>
        authClient.requestPasswordReset({
          email: email.trim(),
          redirectTo: "/reset-password",
          fetchOptions,
        }),
      ),
    onAccepted: () => {
      setSent(true);
      return "stay";
    },
  });
  if (sent) {
    return (
      <Notice tone="info" title={way === "mail" ? "Look into your mailbox" : "Look into the server's log"}>
        {way === "mail"
          ? "If there is an account for this address, a letter with a link is on its way. It is good for an hour."
          : "If there is an account for this address, the server has written a link into its log, for no mail server is set. It is good for an hour."}
      </Notice>
    );
  }
  return (
    <form ref={formRef} method="post" onSubmit={onSubmit} noValidate className="grid gap-5">
      {formError ? <Notice tone="danger">{formError}</Notice> : null}
      <Field name="email" label="Email" error={errors.email}>
        {(control) => <Input {...control} type="email" autoComplete="username" required />}
      </Field>
      <SubmitButton pending={pending} waitSeconds={waitSeconds}>
        Send me a link
      </SubmitButton>
    </form>
  );
}
