"use client";

import { useState } from "react";
import { passwordLength } from "../../lib/credentials.ts";
import { passwordStrength, strengthWords } from "../../lib/password-strength.ts";
import { classNames } from "../ui/class-names.ts";
import { Field } from "../ui/field.tsx";
import { PasswordInput } from "../ui/password-input.tsx";

interface NewPasswordFieldProps {
  name: "password" | "newPassword";
  label: string;
  error: string | undefined;
}

const colors = ["bg-danger", "bg-danger", "bg-line-strong", "bg-good", "bg-good"] as const;

/** A password to be chosen, with a meter that says how good it is. */
export function NewPasswordField({ name, label, error }: NewPasswordFieldProps) {
  const [password, setPassword] = useState("");
  const score = passwordStrength(password);
  return (
    <div>
      <Field
        name={name}
        label={label}
        hint={`${passwordLength.min} to ${passwordLength.max} characters. A few random words are good.`}
        error={error}
      >
        {(control) => (
          <PasswordInput
            {...control}
            autoComplete="new-password"
            required
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      {/* Always there, so that nothing moves when typing begins. */}
      <div className={classNames("mt-2 flex items-center gap-3", !password && "invisible")}>
        <div aria-hidden className="grid flex-1 grid-cols-4 gap-1">
          {[1, 2, 3, 4].map((step) => (
            <span
              key={step}
              className={classNames(
                "h-1 rounded-full",
                step <= Math.max(1, score) ? colors[score] : "bg-line",
              )}
            />
          ))}
        </div>
        <p aria-live="polite" className="w-20 text-right text-sm text-soft">
          {password ? strengthWords[score] : ""}
        </p>
      </div>
    </div>
  );
}
