import { type Clock, systemClock } from "../clock.ts";
import { ConfigurationError } from "../errors.ts";
import { requestIdHeader, requestIdOf } from "../request-id.ts";
import { splitSessions } from "./proxy-cookie.ts";
import { ProxyRefusal } from "./proxy-refusal.ts";
import { namesSession } from "./proxy-token.ts";

/** What is used of Better Auth with the plugin of `watchword/better-auth`: the object that `betterAuth()` gives. */
export interface SessionAuth {
  readonly $context: Promise<{
    readonly baseURL: string;
    readonly authCookies: { readonly sessionToken: SessionCookie };
  }>;
  readonly api: {
    getSession(input: {
      headers: Headers;
      query: { disableCookieCache: boolean; disableRefresh: boolean };
      returnHeaders: true;
    }): Promise<{ headers: Headers; response: StoredSession | null }>;
    getToken(input: { headers: Headers }): Promise<{ token: string; expiresIn: number }>;
  };
}

interface SessionCookie {
  readonly name: string;
  readonly attributes: { readonly secure?: boolean | undefined; readonly domain?: string | undefined };
}

interface StoredSession {
  readonly session: { readonly id: string };
  readonly user: { readonly id: string };
}

/** Options of {@link createSessionTokens}. */
export interface SessionTokensOptions {
  /** Better Auth, or a function that gives it: it is asked for with the first request. */
  readonly auth: SessionAuth | (() => SessionAuth);
  /** How many sessions have their token remembered; the one that was remembered first goes first. Default 10000. */
  readonly maxSessions?: number | undefined;
  readonly clock?: Clock | undefined;
}

/** A session as the store has it now. */
export interface LiveSession {
  readonly userId: string;
  readonly sessionId: string;
  /** `Set-Cookie` values of a session that has just been prolonged; mostly none. */
  readonly setCookies: readonly string[];
  /** The `Cookie` header that names it. */
  readonly cookie: string;
}

interface Remembered {
  readonly userId: string;
  readonly token: string;
  /** Times are seconds of the clock. */
  readonly obtainedAt: number;
  readonly refreshAt: number;
  readonly expiresAt: number;
  /** Fetched because the API had refused the one before. */
  readonly replacesRefused: boolean;
}

/** How long before its end a token is replaced, in seconds; at most half of its life (`contract/defaults.json`). */
const REFRESH_MARGIN_SECONDS = 30;
/** How long a token that replaced a refused one, and is refused as well, is not replaced again, in seconds. */
const REFUSAL_PAUSE_SECONDS = 10;

/**
 * The API tokens of the people who are signed in, on the server: one per session, remembered in memory until shortly before
 * it expires. The session itself is read from its store every time, so that a remembered token opens nothing after a sign-out.
 */
export class SessionTokens {
  readonly #auth: () => SessionAuth;
  readonly #maxSessions: number;
  readonly #clock: Clock;
  readonly #remembered = new Map<string, Remembered>();
  readonly #pending = new Map<string, Promise<Remembered | null>>();

  /** @throws ConfigurationError for a bound that is no positive whole number */
  constructor({ auth, maxSessions = 10_000, clock = systemClock }: SessionTokensOptions) {
    if (!Number.isInteger(maxSessions) || maxSessions < 1) {
      throw new ConfigurationError("maxSessions must be a whole number of sessions, 1 or more.");
    }
    this.#auth = typeof auth === "function" ? auth : () => auth;
    this.#maxSessions = maxSessions;
    this.#clock = clock;
  }

  /**
   * The session that a request's cookies name, from the store and never from the cookie cache: that one outlives a sign-out.
   * Nothing but the `Cookie` header is looked at. Of several session cookies those count whose session lives.
   *
   * @param prolong whether a session in use may be prolonged; only where its cookie can be set afterwards.
   * @returns `null` when nobody is signed in
   * @throws ProxyRefusal `ambiguous_session`; `unavailable` when the store cannot be read
   */
  async session(headers: Headers, prolong = false): Promise<LiveSession | null> {
    const auth = this.#auth();
    const { authCookies, baseURL } = await auth.$context;
    const { name, attributes } = authCookies.sessionToken;
    const cookies = splitSessions(headers.get("cookie") ?? "", name);
    const found = await Promise.all(cookies.map((cookie) => this.#read(auth, name, cookie, prolong)));
    const live = found.filter((session) => session !== null);
    if (new Set(live.map(({ userId }) => userId)).size > 1) {
      const { secure = false, domain } = attributes;
      throw new ProxyRefusal("ambiguous_session", {
        removes: { name, url: new URL(baseURL), secure, domain },
      });
    }
    return live[0] ?? null;
  }

  async #read(
    auth: SessionAuth,
    name: string,
    cookie: string,
    prolong: boolean,
  ): Promise<LiveSession | null> {
    const query = { disableCookieCache: true, disableRefresh: !prolong };
    const answer = await answered(
      auth.api.getSession({ headers: new Headers({ cookie }), query, returnHeaders: true }),
    );
    const found = answer?.response;
    if (!answer || !found) return null;
    const setCookies = answer.headers.getSetCookie();
    return {
      userId: found.user.id,
      sessionId: found.session.id,
      // Better Auth renews its cookie cache at every reading; only a prolonged session is worth a cookie.
      setCookies: setCookies.some((one) => one.startsWith(`${name}=`)) ? setCookies : [],
      cookie,
    };
  }

  /**
   * The token of a session: the remembered one, or a new one. Requests at the same time share one.
   *
   * @param requestId goes into the event of a token that is made for it
   * @returns `null` when the session has ended in the meantime
   * @throws ProxyRefusal `unavailable` when no token can be made
   */
  async token(session: LiveSession, requestId?: string): Promise<string | null> {
    const known = this.#known(session);
    if (known !== undefined && this.#clock.now() < known.refreshAt) return known.token;
    try {
      return (await this.#renew(session, false, requestId))?.token ?? null;
    } catch (error) {
      if (known !== undefined && this.#clock.now() < known.expiresAt) return known.token;
      throw error;
    }
  }

  /**
   * Another token than the one that the API has just refused; `null` when there is none to be had, or one that was fetched for
   * the same reason moments ago was refused too.
   *
   * @throws as {@link token}
   */
  async replacement(session: LiveSession, refused: string, requestId?: string): Promise<string | null> {
    const known = this.#known(session);
    if (known !== undefined && known.token !== refused) return this.token(session, requestId);
    if (known?.replacesRefused && this.#clock.now() < known.obtainedAt + REFUSAL_PAUSE_SECONDS) return null;
    this.#remembered.delete(session.sessionId);
    return (await this.#renew(session, true, requestId))?.token ?? null;
  }

  /**
   * The token of whoever a request's cookie names; `null` when nobody is signed in. For server components and server actions.
   * `X-Request-Id`, where the headers have one, goes into the event of a token that is made for it.
   *
   * @throws as {@link session} and {@link token}
   */
  async current(headers: Headers): Promise<{ userId: string; token: string } | null> {
    const session = await this.session(headers);
    const token = session && (await this.token(session, requestIdOf(headers)));
    return session && token ? { userId: session.userId, token } : null;
  }

  /** Forgets the token of a session, and the one that is on its way. For the moment of its end. */
  forget(sessionId: string): void {
    this.#remembered.delete(sessionId);
    this.#pending.delete(sessionId);
  }

  /** How many sessions have their token remembered. */
  get size(): number {
    return this.#remembered.size;
  }

  #known({ sessionId, userId }: LiveSession): Remembered | undefined {
    const known = this.#remembered.get(sessionId);
    return known?.userId === userId ? known : undefined;
  }

  #renew(session: LiveSession, replacesRefused: boolean, requestId?: string): Promise<Remembered | null> {
    const { sessionId } = session;
    const running = this.#pending.get(sessionId);
    if (running !== undefined) return running;
    const pending: Promise<Remembered | null> = this.#fetch(session, replacesRefused, requestId)
      .then((fetched) => {
        // Forgotten in the meantime: the session has ended.
        if (fetched !== null && this.#pending.get(sessionId) === pending) this.#remember(sessionId, fetched);
        return fetched;
      })
      .finally(() => {
        if (this.#pending.get(sessionId) === pending) this.#pending.delete(sessionId);
      });
    this.#pending.set(sessionId, pending);
    return pending;
  }

  async #fetch(
    session: LiveSession,
    replacesRefused: boolean,
    requestId?: string,
  ): Promise<Remembered | null> {
    const obtainedAt = this.#clock.now();
    const headers = new Headers({ cookie: session.cookie });
    if (requestId !== undefined) headers.set(requestIdHeader, requestId);
    const grant = await answered(this.#auth().api.getToken({ headers }));
    if (grant === null || !namesSession(grant.token, session)) return null;
    const margin = Math.min(REFRESH_MARGIN_SECONDS, grant.expiresIn / 2);
    const expiresAt = obtainedAt + grant.expiresIn;
    const { userId } = session;
    const { token } = grant;
    return { userId, token, obtainedAt, refreshAt: expiresAt - margin, expiresAt, replacesRefused };
  }

  #remember(sessionId: string, fetched: Remembered): void {
    this.#remembered.delete(sessionId);
    if (this.#remembered.size >= this.#maxSessions) this.#makeRoom();
    this.#remembered.set(sessionId, fetched);
  }

  /** The oldest entries stand first: expired ones go, and one that is not where there are none. */
  #makeRoom(): void {
    const now = this.#clock.now();
    for (const [sessionId, { expiresAt }] of this.#remembered) {
      if (this.#remembered.size < this.#maxSessions && now < expiresAt) return;
      this.#remembered.delete(sessionId);
    }
  }
}

/**
 * Remembers API tokens on the server, for {@link createProxy} and for server components. One for the process.
 *
 * @throws ConfigurationError for options that cannot be right
 */
export function createSessionTokens(options: SessionTokensOptions): SessionTokens {
  return new SessionTokens(options);
}

/** `null` for what Better Auth refuses with 401. Everything else that fails is a service that is not there. */
async function answered<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (cause) {
    if (typeof cause === "object" && cause !== null && "statusCode" in cause && cause.statusCode === 401) {
      return null;
    }
    throw new ProxyRefusal("unavailable", { cause });
  }
}
