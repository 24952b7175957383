"use client";

import Link from "next/link";
import { authClient } from "../../lib/auth-client.ts";
import { checkSignIn } from "../../lib/credentials.ts";
import { tellTabs } from "../session/tabs.ts";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Notice } from "../ui/notice.tsx";
import { PasswordInput } from "../ui/password-input.tsx";
import { sendCredentials } from "./send-credentials.ts";
import { SubmitButton } from "./submit-button.tsx";
import { useCredentialForm } from "./use-credential-form.ts";

export function SignInForm({ returnUrl }: { returnUrl: string }) {
  const { formRef, onSubmit, pending, errors, formError, waitSeconds } = useCredentialForm({
    fields: ["email", "password"],
    check: checkSignIn,
    send: ({ email, password }) =>
      sendCredentials((fetchOptions) =>
        authClient.signIn.email({ email: email.trim(), password, fetchOptions }),
      ),
    onAccepted: () => {
      tellTabs("signed-in");
      // A full navigation: the server renders the next page with the new session.
      window.location.assign(returnUrl);
      return "leave";
    },
  });
  return (
    // "post": a form sent before the page can react must not put the password into the address.
    <form ref={formRef} method="post" onSubmit={onSubmit} noValidate className="grid gap-5">
      {formError ? <Notice tone="danger">{formError}</Notice> : null}
      <Field name="email" label="Email" error={errors.email}>
        {(control) => <Input {...control} type="email" autoComplete="username" required />}
      </Field>
      <div className="relative">
        <Field name="password" label="Password" error={errors.password}>
          {(control) => <PasswordInput {...control} autoComplete="current-password" required />}
        </Field>
        {/* After the field in the order of the keyboard, beside its label for the eye. */}
        <Link href="/forgot-password" className="prose-link absolute top-0 right-0 text-sm">
          Forgot it?
        </Link>
      </div>
      <SubmitButton pending={pending} waitSeconds={waitSeconds}>
        Sign in
      </SubmitButton>
    </form>
  );
}
