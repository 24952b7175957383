import { auth, prepareAuth } from "./auth.ts";

export type RoleOutcome = "done" | "unchanged" | "unknown" | "unverified";

/**
 * Gives a user a role. `admin` only goes to a verified address: whoever signs up first with an address that is not theirs
 * must not become an administrator by it.
 */
export async function setRole(email: string, role: "admin" | "user"): Promise<RoleOutcome> {
  await prepareAuth();
  const { internalAdapter } = await auth().$context;
  const found = await internalAdapter.findUserByEmail(email.trim().toLowerCase());
  if (!found) return "unknown";
  const user: typeof found.user & { role?: unknown } = found.user;
  if (user.role === role) return "unchanged";
  if (role === "admin" && !user.emailVerified) return "unverified";
  await internalAdapter.updateUser(user.id, { role });
  return "done";
}
