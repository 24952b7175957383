/** Seconds after which a user is erased once more: a request that was let through before may have written since. */
export const eraseAgainAfterSeconds = 30;

/** Erases what a user left whose account is gone; it may be called more than once for one user. */
export type EraseUser = (userId: string) => void | Promise<void>;

/** Users whose rows are to be erased: each until it succeeded, and then once more. */
export class Erasures {
  readonly #erase: EraseUser;
  readonly #told: (userId: string, erased: boolean) => void;
  /** When each is due, in seconds since 1970, and whether it succeeded before. */
  readonly #due = new Map<string, { at: number; again: boolean }>();
  #underway: Promise<void> | undefined;
  /** The time for which the next round was asked for. */
  #wanted: number | undefined;

  constructor(erase: EraseUser, told: (userId: string, erased: boolean) => void) {
    this.#erase = erase;
    this.#told = told;
  }

  add(userId: string, now: number): void {
    this.#due.set(userId, { at: now, again: false });
  }

  /** Erases those that are due, one after the other; those that fail are due again. Never rejects. */
  run(now: number): Promise<void> {
    this.#wanted = now;
    this.#underway ??= this.#runAll().finally(() => {
      this.#underway = undefined;
    });
    return this.#underway;
  }

  async #runAll(): Promise<void> {
    while (this.#wanted !== undefined) {
      const now = this.#wanted;
      this.#wanted = undefined;
      await this.#runOnce(now);
    }
  }

  async #runOnce(now: number): Promise<void> {
    for (const [userId, due] of [...this.#due]) {
      if (due.at > now) continue;
      try {
        await this.#erase(userId);
        if (due.again) this.#due.delete(userId);
        else this.#due.set(userId, { at: now + eraseAgainAfterSeconds, again: true });
        if (!due.again) this.#told(userId, true);
      } catch {
        this.#told(userId, false);
      }
    }
  }
}
