"use client";

import { useEffect } from "react";
import { authClient } from "../../lib/auth-client.ts";
import { checkReset } from "../../lib/credentials.ts";
import { Notice } from "../ui/notice.tsx";
import { NewPasswordField } from "./new-password-field.tsx";
import { sendCredentials } from "./send-credentials.ts";
import { SubmitButton } from "./submit-button.tsx";
import { useCredentialForm } from "./use-credential-form.ts";

/** Chooses a new password by the token of a letter's link. */
export function ResetPasswordForm({ token }: { token: string }) {
  // The token shall not stay in the address: it would go into the history, and along when the address is shared.
  useEffect(() => {
    window.history.replaceState(window.history.state, "", "/reset-password");
  }, []);
  const { formRef, onSubmit, pending, errors, formError, waitSeconds } = useCredentialForm({
    fields: ["newPassword"],
    check: checkReset,
    send: ({ newPassword }) =>
      sendCredentials((fetchOptions) => authClient.resetPassword({ newPassword, token, fetchOptions })),
    onAccepted: () => {
      window.location.assign("/login?done=password_reset");
      return "leave";
    },
  });
  return (
    <form ref={formRef} method="post" onSubmit={onSubmit} noValidate className="grid gap-5">
      {formError ? <Notice tone="danger">{formError}</Notice> : null}
      <NewPasswordField
        name="newPassword"
        label="New password"
        error={errors.newPassword ?? errors.password}
      />
      <SubmitButton pending={pending} waitSeconds={waitSeconds}>
        Save the new password
      </SubmitButton>
    </form>
  );
}
