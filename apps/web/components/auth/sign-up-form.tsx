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
  /** How the link arrives without which nobody is signed in; `null` when none is needed. */
  verifiesBy: "mail" | "log" | null;
}

export function SignUpForm({ returnUrl, verifiesBy }: SignUpFormProps) {
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
      if (verifiesBy) {
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
      <Notice
        tone="info"
        title={verifiesBy === "log" ? "Look into the server's log" : "Look into your mailbox"}
      >
        {verifiesBy === "log"
          ? "The link is there, for no mail server is set. Open it within an hour, and you are in."
          : "A letter with a link is on its way. Open the link within an hour, and you are in."}
      </Notice>
    );
  }
  return (
    // "post": a form sent before the page can react must not put the password into the address.
    <form ref={formRef} method="post" onSubmit={onSubmit} noValidate className="grid gap-5">
      {formError ? <Notice tone="danger">{formError}</Notice> : null}
      <Field name="name" label="Name" error={errors.name}>
        {(control) => <Input {...control} autoComplete="name" maxLength={100} required />}
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
