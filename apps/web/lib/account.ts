import { headers } from "next/headers";
import { auth } from "./auth.ts";
import { deviceName } from "./device.ts";

/** A session as its owner sees it. Its token, which is the cookie's value, never leaves the server. */
export interface OwnSession {
  readonly id: string;
  readonly device: string;
  readonly address: string | null;
  /** RFC 3339. */
  readonly since: string;
  /** The one of this very request. */
  readonly current: boolean;
}

/** The live sessions of the signed-in user, this one first, then the newest. From the database. */
export async function ownSessions(): Promise<OwnSession[]> {
  const requestHeaders = await headers();
  const [sessions, current] = await Promise.all([
    auth().api.listSessions({ headers: requestHeaders }),
    auth().api.getSession({
      headers: requestHeaders,
      query: { disableCookieCache: true, disableRefresh: true },
    }),
  ]);
  return sessions
    .map((session) => ({
      id: session.id,
      device: deviceName(session.userAgent),
      address: session.ipAddress || null,
      since: new Date(session.createdAt).toISOString(),
      current: session.id === current?.session.id,
    }))
    .toSorted((a, b) => Number(b.current) - Number(a.current) || b.since.localeCompare(a.since));
}

/** Ends one session of the signed-in user. @returns false when they have no such session */
export async function endOwnSession(sessionId: string): Promise<boolean> {
  const requestHeaders = await headers();
  const sessions = await auth().api.listSessions({ headers: requestHeaders });
  const session = sessions.find(({ id }) => id === sessionId);
  if (!session) return false;
  await auth().api.revokeSession({ headers: requestHeaders, body: { token: session.token } });
  return true;
}

/** Whether the signed-in user has a password; who only signs in with another service has none. */
export async function hasPassword(): Promise<boolean> {
  const accounts = await auth().api.listUserAccounts({ headers: await headers() });
  return accounts.some(({ providerId }) => providerId === "credential");
}
