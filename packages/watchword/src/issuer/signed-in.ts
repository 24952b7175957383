import type { Session, User } from "better-auth";

/** A signed-in user as the session store knows them. */
export interface SignedIn {
  readonly user: User & Record<string, unknown>;
  readonly session: Session & Record<string, unknown>;
}

/** The administrator behind an impersonated session (admin plugin). */
export function actorOf({ session }: SignedIn): string | undefined {
  const { impersonatedBy } = session;
  return typeof impersonatedBy === "string" ? impersonatedBy : undefined;
}
