/** Bounds of a password in characters, the same on the server and in the forms. */
export const passwordLength = { min: 8, max: 128 } as const;

export type CredentialField = "name" | "email" | "password";
export type CredentialErrors = Partial<Record<CredentialField, string>>;

/** @returns what is wrong with each field of the sign-up form; empty when nothing is. */
export function checkSignUp(values: Record<CredentialField, string>): CredentialErrors {
  const errors: CredentialErrors = { ...checkEmail(values.email) };
  if (!values.name.trim()) errors.name = "Enter the name that the app shall show.";
  if (values.password.length < passwordLength.min) {
    errors.password = `Use at least ${passwordLength.min} characters.`;
  } else if (values.password.length > passwordLength.max) {
    errors.password = `Use at most ${passwordLength.max} characters.`;
  }
  return errors;
}

/** @returns what is wrong with each field of the sign-in form; empty when nothing is. */
export function checkSignIn(
  values: Pick<Record<CredentialField, string>, "email" | "password">,
): CredentialErrors {
  const errors: CredentialErrors = { ...checkEmail(values.email) };
  if (!values.password) errors.password = "Enter your password.";
  return errors;
}

function checkEmail(email: string): CredentialErrors {
  if (!email.trim()) return { email: "Enter your e-mail address." };
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim())) {
    return { email: "Enter an e-mail address like ada@example.com." };
  }
  return {};
}
