import { appliesTo, type Clock, type Identity, type RevocationFeed } from "watchword";
import { isDatabaseUnavailable } from "../database/faults.ts";
import type { Database } from "../database/open.ts";
import type { Log } from "../log.ts";
import { newestChange, progressAfter } from "./changes.ts";
import { type EndReason, TaskWatcher } from "./watcher.ts";

const maxPerUser = 20;
const defaultPollMilliseconds = 500;

export interface TaskWatchersOptions {
  database: Database;
  clock: Clock;
  log: Log;
  /** What is revoked ends streams; absent where nothing is asked. */
  revocation?: Pick<RevocationFeed, "isRevoked" | "onRevocation"> | undefined;
  /** How often a listener asks for changes of other processes. */
  pollMilliseconds?: number;
}

/** Everyone who listens to tasks in this process. */
export class TaskWatchers {
  readonly #options: TaskWatchersOptions;
  /** By user, the oldest first. */
  readonly #watchers = new Map<string, Set<TaskWatcher>>();
  #isShutDown = false;

  constructor(options: TaskWatchersOptions) {
    this.#options = options;
    options.revocation?.onRevocation((one) => this.end("revoked", (identity) => appliesTo(one, identity)));
  }

  /**
   * Opens a stream of the caller's changes. Past 20 streams of one user the oldest one ends.
   *
   * @param known the number after which to go on; `null` for what happens from now on.
   * @param drop cuts the connection.
   */
  async open(
    identity: Identity,
    known: number | null,
    drop: () => void,
  ): Promise<ReadableStream<Uint8Array>> {
    const { database, clock, log, pollMilliseconds = defaultPollMilliseconds } = this.#options;
    const watcher = new TaskWatcher({
      identity,
      known,
      clock,
      pollMilliseconds,
      drop,
      read: (after) =>
        database.owned.reading(identity.userId, async (mine) =>
          after === null
            ? { newest: await newestChange(mine), changes: [], lost: false }
            : progressAfter(mine, after),
        ),
      isPassing: (error) => error instanceof Error && isDatabaseUnavailable(error),
      onClose: (closed, fault) => {
        this.#remove(closed);
        if (fault instanceof Error) log.error("watchword.stream.fault", { "exception.type": fault.name });
      },
    });
    this.#add(watcher);
    await watcher.begin();
    if (this.#isShutDown) watcher.end("shutdown");
    if (this.#isRevoked(identity)) watcher.end("revoked");
    return watcher.body;
  }

  /** Fails where {@link open} would, and opens nothing. */
  async check({ userId }: Identity): Promise<void> {
    await this.#options.database.owned.reading(userId, newestChange);
  }

  /** Tells the listeners of a user, after the transaction of a change, that there is something to read. */
  wake(userId: string): void {
    for (const watcher of this.#watchers.get(userId) ?? []) watcher.wake();
  }

  /** Ends the streams whose identity matches. */
  end(reason: EndReason, matches: (identity: Identity) => boolean): void {
    const all = [...this.#watchers.values()].flatMap((ofUser) => [...ofUser]);
    for (const watcher of all) if (matches(watcher.identity)) watcher.end(reason);
  }

  /** Ends every stream, and each one that is opened from now on. */
  shutDown(): void {
    this.#isShutDown = true;
    this.end("shutdown", () => true);
  }

  /** How many streams are open. */
  get count(): number {
    return [...this.#watchers.values()].reduce((sum, ofUser) => sum + ofUser.size, 0);
  }

  /** What was revoked between the check of the token and the opening of its stream. */
  #isRevoked(identity: Identity): boolean {
    try {
      return this.#options.revocation?.isRevoked(identity) ?? false;
    } catch {
      return false;
    }
  }

  #add(watcher: TaskWatcher): void {
    const { userId } = watcher.identity;
    const ofUser = this.#watchers.get(userId) ?? new Set();
    this.#watchers.set(userId, ofUser.add(watcher));
    const [oldest] = ofUser;
    if (ofUser.size > maxPerUser) oldest?.end("replaced");
  }

  #remove(watcher: TaskWatcher): void {
    const { userId } = watcher.identity;
    const ofUser = this.#watchers.get(userId);
    ofUser?.delete(watcher);
    if (ofUser?.size === 0) this.#watchers.delete(userId);
  }
}
