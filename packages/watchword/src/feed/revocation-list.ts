import type { RevocationSubject } from "../token/revocation.ts";

/** One revocation, as the feed tells it. */
export interface Revocation {
  /** `session`: every token with this `sid`; `token`: this `jti`; `user`: every token of this `sub` up to `at`. */
  readonly kind: "session" | "token" | "user";
  readonly id: string;
  /** When it was revoked by the issuer's clock, which writes `iat` too: whole seconds since 1970. */
  readonly at: number;
  /** When the last token that it can concern has expired: whole seconds since 1970. */
  readonly until: number;
  /** On a user: the account is gone. */
  readonly deleted?: true;
}

/** CS-21: whether a token is one that the revocation concerns; `iat` is cut to the second. */
export function appliesTo({ kind, id, at }: Revocation, subject: RevocationSubject): boolean {
  if (kind === "session") return subject.sessionId === id;
  if (kind === "token") return subject.tokenId === id;
  return subject.userId === id && Math.floor(subject.issuedAt) <= at;
}

/** Seconds beyond `until` in which a token may still pass, by a slow clock or by tolerance. Held against `contract/defaults.json`. */
export const forgetMarginSeconds = 120;

/**
 * What is revoked, in memory: texts and numbers alone, so that 100 000 of them fit in some megabytes.
 *
 * Looking up changes nothing, and asks for no time: what is kept too long concerns tokens that have expired anyway.
 */
export class RevocationList {
  /** `until` by id. */
  readonly #sessions = new Map<string, number>();
  readonly #tokens = new Map<string, number>();
  readonly #users = new Map<string, number>();
  /** `at` of users by id: beside {@link #users}, since one object per user would need twice the memory. */
  readonly #marks = new Map<string, number>();
  readonly #deleted = new Set<string>();

  get size(): number {
    return this.#sessions.size + this.#tokens.size + this.#users.size;
  }

  /** @returns whether it says anything new: the feed repeats itself. */
  add({ kind, id, at, until, deleted }: Revocation): boolean {
    const ids = this.#idsOf(kind);
    const known = ids.get(id);
    if (known === undefined || until > known) ids.set(id, until);
    if (kind !== "user") return known === undefined;
    const mark = this.#marks.get(id);
    const later = mark === undefined || at > mark;
    if (later) this.#marks.set(id, at);
    const gone = deleted === true && !this.#deleted.has(id);
    if (gone) this.#deleted.add(id);
    return later || gone;
  }

  /** CS-21, with `iat` cut to the second: a mark concerns everything issued in its second. */
  holds({ tokenId, sessionId, userId, issuedAt }: RevocationSubject): boolean {
    if (sessionId !== undefined && this.#sessions.has(sessionId)) return true;
    if (tokenId !== undefined && this.#tokens.has(tokenId)) return true;
    const mark = this.#marks.get(userId);
    return mark !== undefined && Math.floor(issuedAt) <= mark;
  }

  /** Forgets what cannot concern a living token any more. */
  forget(now: number): void {
    const end = now - forgetMarginSeconds;
    for (const ids of [this.#sessions, this.#tokens, this.#users]) {
      for (const [id, until] of ids) {
        if (until >= end) continue;
        ids.delete(id);
        if (ids !== this.#users) continue;
        this.#marks.delete(id);
        this.#deleted.delete(id);
      }
    }
  }

  #idsOf(kind: Revocation["kind"]): Map<string, number> {
    if (kind === "session") return this.#sessions;
    return kind === "token" ? this.#tokens : this.#users;
  }
}
