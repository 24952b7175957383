import { type BetterAuthOptions, betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { admin } from "better-auth/plugins";
import { type Clock, systemClock } from "../../src/clock.ts";
import { deriveFeedKey, signFeedToken } from "../../src/feed/revocation-token.ts";
import type { AuditEvent, FeedAnswer, FeedEntry, WatchwordOptions } from "../../src/issuer/index.ts";
import { deriveKey } from "../../src/keys/keys.ts";
import { ask, audience, cookiesOf, issuer, person, plugin, post, secret } from "./real-auth.ts";
import type { Store } from "./stores.ts";

/** What the fixture may be given beyond its defaults. */
export interface IssuerSettings {
  readonly watchword?: Partial<WatchwordOptions>;
  readonly options?: Partial<BetterAuthOptions>;
}

/** Links that Better Auth would have mailed. */
export interface Mailbox {
  readonly resetTokens: string[];
}

function settingsOf(
  { watchword = {}, options = {} }: IssuerSettings,
  events: AuditEvent[],
  mailbox: Mailbox,
) {
  return {
    baseURL: issuer,
    secret,
    logger: { disabled: true },
    rateLimit: { enabled: false },
    user: { deleteUser: { enabled: true } },
    emailAndPassword: {
      enabled: true,
      // Hashing is not what is tested, and costs a tenth of a second each time.
      password: {
        hash: async (password: string) => `plain:${password}`,
        verify: async ({ hash, password }: { hash: string; password: string }) =>
          hash === `plain:${password}`,
      },
      sendResetPassword: async ({ token }: { token: string }) => void mailbox.resetTokens.push(token),
    },
    plugins: [
      admin(),
      plugin({
        revocation: { replicaClockSkewSeconds: 0 },
        onEvent: (event) => void events.push(event),
        ...watchword,
      }),
    ],
    ...options,
  } satisfies BetterAuthOptions;
}

/** Better Auth with the admin plugin and the feed on a store, its tables made. */
export async function issuerOn(store: Store, settings: IssuerSettings = {}) {
  await (
    await getMigrations({ ...settingsOf(settings, [], { resetTokens: [] }), database: store.migrated })
  ).runMigrations();
  return replicaOn(store, settings);
}

/** One more process of the same issuer. */
export async function replicaOn(store: Store, settings: IssuerSettings = {}) {
  const events: AuditEvent[] = [];
  const mailbox: Mailbox = { resetTokens: [] };
  const auth = betterAuth({ ...settingsOf(settings, events, mailbox), database: store.database() });
  const context = await auth.$context;
  return { auth, context, events, mailbox };
}

type Handler = Parameters<typeof ask>[0];

/** The `Authorization` of a verifier. */
export function feedAuthorization(
  key: string = deriveKey(secret, audience),
  clock: Clock = systemClock,
): string {
  return `Bearer ${signFeedToken({ feedKey: deriveFeedKey(key), issuer, clock })}`;
}

/** One request to the feed. */
export function askFeed(auth: Handler, query = "", authorization = feedAuthorization()): Promise<Response> {
  return ask(auth, `/revocations${query}`, { headers: { authorization } });
}

/**
 * One read of the feed, each ending once: a mark whose change took effect in a later second than it was written in is told
 * once more, which tests on the clock of the machine do not decide.
 */
export async function readFeed(
  auth: Handler,
  cursor?: string,
  wait = 0,
  authorization?: string,
): Promise<FeedAnswer> {
  const after = cursor === undefined ? "" : `&after=${cursor}`;
  const response = await askFeed(auth, `?wait=${wait}${after}`, authorization);
  if (response.status !== 200) throw new Error(`feed: ${response.status}`);
  const answer = (await response.json()) as FeedAnswer;
  return { ...answer, entries: distinct(answer.entries) };
}

function distinct(entries: readonly FeedEntry[]): readonly FeedEntry[] {
  const latest = new Map(entries.map((entry) => [`${entry.kind} ${entry.id} ${entry.deleted}`, entry]));
  return [...latest.values()];
}

/** A follower from now on: gives the entries since the last call. */
export async function follower(auth: Handler) {
  let { cursor } = await readFeed(auth);
  return async (): Promise<readonly FeedEntry[]> => {
    const answer = await readFeed(auth, cursor);
    cursor = answer.cursor;
    return answer.entries;
  };
}

export async function signIn(
  auth: Handler,
  user: { email: string; password: string } = person,
): Promise<string> {
  const response = await post(auth, "/sign-in/email", user);
  if (response.status !== 200) throw new Error(`sign-in: ${response.status} ${await response.text()}`);
  return cookiesOf(response);
}

/** Whether the entries revoke a token, by the rule of the contract (CS-21). */
export function revokes(entries: readonly FeedEntry[], claims: Record<string, unknown>): boolean {
  return entries.some(({ kind, id, at }) =>
    kind === "session" ? id === claims["sid"] : id === claims["sub"] && Number(claims["iat"]) <= at,
  );
}

/** Lets everything else go on until the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
