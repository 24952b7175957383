/** Bounds of a password in characters, the same on the server and in the forms. */
export const passwordLength = { min: 8, max: 128 } as const;

export type CredentialField = "name" | "email" | "password" | "currentPassword" | "newPassword";
type Values<Field extends CredentialField> = Readonly<Record<Field, string>>;
export type CredentialErrors = Partial<Record<CredentialField, string>>;

/** @returns what is wrong with each field of the sign-up form; empty when nothing is. */
export function checkSignUp(values: Values<"name" | "email" | "password">): CredentialErrors {
  const errors: CredentialErrors = { ...checkEmail(values.email) };
  if (!values.name.trim()) errors.name = "Enter the name that the app shall show.";
  const fault = newPasswordFault(values.password);
  if (fault) errors.password = fault;
  return errors;
}

/** @returns what is wrong with the form for a forgotten password. */
export function checkForgotten(values: Values<"email">): CredentialErrors {
  return checkEmail(values.email);
}

/** @returns what is wrong with a new password, chosen by the link of a letter. */
export function checkReset(values: Values<"newPassword">): CredentialErrors {
  const fault = newPasswordFault(values.newPassword);
  return fault ? { newPassword: fault } : {};
}

/** @returns what is wrong with the form that changes a password. */
export function checkChange(values: Values<"currentPassword" | "newPassword">): CredentialErrors {
  const errors: CredentialErrors = checkReset(values);
  if (!values.currentPassword) errors.currentPassword = "Enter the password that you have now.";
  else if (values.currentPassword === values.newPassword) {
    errors.newPassword = "This is the password that you have now.";
  }
  return errors;
}

function newPasswordFault(password: string): string | undefined {
  if (password.length < passwordLength.min) return `Use at least ${passwordLength.min} characters.`;
  if (password.length > passwordLength.max) return `Use at most ${passwordLength.max} characters.`;
  return undefined;
}

/** @returns what is wrong with each field of the sign-in form; empty when nothing is. */
export function checkSignIn(values: Values<"email" | "password">): CredentialErrors {
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
