"use client";

import { authClient } from "../../lib/auth-client.ts";
import { checkSignIn } from "../../lib/credentials.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Notice } from "../ui/notice.tsx";
import { PasswordInput } from "../ui/password-input.tsx";
import { useHydrated } from "../ui/use-hydrated.ts";
import { sendCredentials } from "./send-credentials.ts";
import { useCredentialForm } from "./use-credential-form.ts";

export function SignInForm({ returnUrl }: { returnUrl: string }) {
  const hydrated = useHydrated();
  const { formRef, onSubmit, pending, errors, formError } = useCredentialForm({
    fields: ["email", "password"],
    check: checkSignIn,
    send: ({ email, password }) =>
      sendCredentials((fetchOptions) =>
        authClient.signIn.email({ email: email.trim(), password, fetchOptions }),
      ),
    // A full navigation: the server renders the next page with the new session.
    onAccepted: () => window.location.assign(returnUrl),
  });
  return (
    // "post": a form sent before the page can react must not put the password into the address.
    <form ref={formRef} method="post" onSubmit={onSubmit} noValidate className="grid gap-5">
      {formError ? <Notice tone="danger">{formError}</Notice> : null}
      <Field name="email" label="Email" error={errors.email}>
        {(control) => <Input {...control} type="email" autoComplete="username" required />}
      </Field>
      <Field name="password" label="Password" error={errors.password}>
        {(control) => <PasswordInput {...control} autoComplete="current-password" required />}
      </Field>
      <Button type="submit" disabled={!hydrated} pending={pending} className="min-h-11">
        Sign in
      </Button>
    </form>
  );
}
