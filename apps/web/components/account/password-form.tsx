"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { authClient } from "../../lib/auth-client.ts";
import { checkChange } from "../../lib/credentials.ts";
import { NewPasswordField } from "../auth/new-password-field.tsx";
import { sendCredentials } from "../auth/send-credentials.ts";
import { SubmitButton } from "../auth/submit-button.tsx";
import { useCredentialForm } from "../auth/use-credential-form.ts";
import { useSession } from "../session/session-provider.tsx";
import { Field } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { PasswordInput } from "../ui/password-input.tsx";
import { useToast } from "../ui/toast.tsx";

export function PasswordForm() {
  const { api } = useSession();
  const router = useRouter();
  const toast = useToast();
  /** A new number makes the fields anew, empty. */
  const [round, setRound] = useState(0);
  const { formRef, onSubmit, pending, errors, formError, waitSeconds } = useCredentialForm({
    fields: ["currentPassword", "newPassword"],
    check: checkChange,
    send: ({ currentPassword, newPassword }) =>
      sendCredentials((fetchOptions) =>
        authClient.changePassword({
          currentPassword,
          newPassword,
          revokeOtherSessions: true,
          fetchOptions,
        }),
      ),
    onAccepted: () => {
      // The token belongs to a session that has just been replaced.
      api.forgetToken();
      setRound(round + 1);
      toast({ title: "Password changed", description: "Every other session of yours has ended." });
      router.refresh();
      return "stay";
    },
  });
  return (
    <form ref={formRef} method="post" onSubmit={onSubmit} noValidate className="grid gap-5">
      {formError ? <Notice tone="danger">{formError}</Notice> : null}
      <Field
        key={`current-${round}`}
        name="currentPassword"
        label="Current password"
        error={errors.currentPassword}
      >
        {(control) => <PasswordInput {...control} autoComplete="current-password" required />}
      </Field>
      <NewPasswordField
        key={`new-${round}`}
        name="newPassword"
        label="New password"
        error={errors.newPassword ?? errors.password}
      />
      <SubmitButton pending={pending} waitSeconds={waitSeconds} className="justify-self-start">
        Change password
      </SubmitButton>
    </form>
  );
}
