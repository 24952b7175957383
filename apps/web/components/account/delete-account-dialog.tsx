"use client";

import { authClient } from "../../lib/auth-client.ts";
import { sendCredentials } from "../auth/send-credentials.ts";
import { useCredentialForm } from "../auth/use-credential-form.ts";
import { useSession } from "../session/session-provider.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { PasswordInput } from "../ui/password-input.tsx";

interface DeleteAccountDialogProps {
  withPassword: boolean;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export default function DeleteAccountDialog({ withPassword, open, onOpenChange }: DeleteAccountDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Delete account">
      <Form withPassword={withPassword} onCancel={() => onOpenChange(false)} />
    </Dialog>
  );
}

function Form({ withPassword, onCancel }: { withPassword: boolean; onCancel: () => void }) {
  const { leave } = useSession();
  const { formRef, onSubmit, pending, errors, formError, waitSeconds } = useCredentialForm({
    fields: ["currentPassword"],
    check: ({ currentPassword }) =>
      withPassword && !currentPassword ? { currentPassword: "Enter your password." } : {},
    send: ({ currentPassword }) =>
      sendCredentials((fetchOptions) =>
        authClient.deleteUser({ ...(withPassword && { password: currentPassword }), fetchOptions }),
      ),
    onAccepted: () => {
      leave("/login?done=account_deleted");
      return "leave";
    },
  });
  return (
    <form ref={formRef} method="post" onSubmit={onSubmit} noValidate className="grid gap-5">
      {formError ? <Notice tone="danger">{formError}</Notice> : null}
      <p className="leading-7 text-pretty text-soft">
        This cannot be undone. {withPassword ? "Enter your password to confirm that it is you." : null}
      </p>
      {withPassword ? (
        <Field name="currentPassword" label="Password" error={errors.currentPassword}>
          {(control) => <PasswordInput {...control} autoComplete="current-password" required />}
        </Field>
      ) : null}
      <div className="flex justify-end gap-2">
        <Button variant="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" variant="danger" pending={pending} disabled={waitSeconds > 0}>
          {waitSeconds > 0 ? `Try again in ${waitSeconds} s` : "Delete for good"}
        </Button>
      </div>
    </form>
  );
}
