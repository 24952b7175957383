/** Bounds in Unicode code points, as the API counts them. */
export const profileLength = { name: 100, username: 50 } as const;

export interface ProfileDraft {
  readonly name: string | null;
  readonly username: string | null;
}

/** @returns what is wrong with each field; empty when nothing is. */
export function checkProfile({ name, username }: ProfileDraft): { name?: string; username?: string } {
  const errors: { name?: string; username?: string } = {};
  if (!name) errors.name = "Enter the name that the app shall show.";
  else if (Array.from(name).length > profileLength.name) {
    errors.name = `Use at most ${profileLength.name} characters.`;
  }
  if (username && !/^[A-Za-z0-9_.-]+$/.test(username)) {
    errors.username = "Use letters without accents, digits, dots, hyphens and underscores.";
  } else if (username && username.length > profileLength.username) {
    errors.username = `Use at most ${profileLength.username} characters.`;
  }
  return errors;
}
