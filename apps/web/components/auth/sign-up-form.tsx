"use client";

import { useState } from "react";
import { authClient } from "../../lib/auth-client.ts";
import { checkSignUp } from "../../lib/credentials.ts";
import { tellTabs } from "../session/tabs.ts";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Notice } from "../ui/notice.tsx";
import { NewPasswordField } from "./new-password-field.tsx";
import { sendCredentials } from "./send-credentials.ts";
import { SubmitButton } from "./submit-button.tsx";
import { useCredentialForm } from "./use-credential-form.ts";

interface SignUpFormProps {
  returnUrl: string;
  /** Nobody is signed in before the link of a letter was opened. */
  verifiesEmail: boolean;
}

export function SignUpForm({ returnUrl, verifiesEmail }: SignUpFormProps) {
  const [letterSent, setLetterSent] = useState(false);
  const { formRef, onSubmit, pending, errors, formError, waitSeconds } = useCredentialForm({
    fields: ["name", "email", "password"],
    check: checkSignUp,
    send: ({ name, email, password }) =>
      sendCredentials((fetchOptions) =>
        authClient.signUp.email({
          name: name.trim(),
          email: email.trim(),
          password,
          callbackURL: returnUrl,
          fetchOptions,
        }),
      ),
    onAccepted: () => {
      if (verifiesEmail) {
        setLetterSent(true);
        return "stay";
      }
      tellTabs("signed-in");
      // A full navigation: the server renders the next page with the new session.
      window.location.assign(returnUrl);
      return "leave";
    },
  });
  if (letterSent) {
    return (
      <Notice tone="info" title="Look into your mailbox">
        A letter with a link is on its way. Open the link within an hour, and you are in.
      </Notice>
    );
  }
  return (
    // "post": a form sent before the page can react must not put the password into the address.
    <form ref={formRef} method="post" onSubmit={onSubmit} noValidate className="grid gap-5">
      {formError ? <Notice tone="danger">{formError}</Notice> : null}
      <Field name="name" label="Name" error={errors.name}>
        {(control) => <Input {...control} autoComplete="name" maxLength={200} required />}
      </Field>
      <Field name="email" label="Email" error={errors.email}>
        {(control) => <Input {...control} type="email" autoComplete="username" required />}
      </Field>
      <NewPasswordField name="password" label="Password" error={errors.password} />
      <SubmitButton pending={pending} waitSeconds={waitSeconds}>
        Create account
      </SubmitButton>
    </form>
  );
}
