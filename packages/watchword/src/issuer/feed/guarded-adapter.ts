import type { AuthContext, DBAdapter, DBTransactionAdapter, Where } from "better-auth";
import type { LogEntry } from "./revocation-log.ts";
import type { Change } from "./revocation-rules.ts";

/** What the guard tells of the changes that pass through it. */
export interface Guard {
  /** Whether a change can end a token, without asking the database. */
  concerns(change: Change): boolean;
  /** Whether a change that seldom ends a token ends one now: asked outside of a transaction, to spare it. */
  isDue(change: Change, store: DBTransactionAdapter): Promise<boolean>;
  /** Writes down what the change ends, before it is made, by the store that makes it. */
  record(change: Change, store: DBTransactionAdapter): Promise<readonly LogEntry[]>;
  /** What was written has become lasting, and with it what ended. Never rejects. */
  committed(entries: readonly LogEntry[]): Promise<void>;
  /** Better Auth's own name of a model. */
  modelName(name: string): string;
}

type Methods = Pick<
  DBTransactionAdapter,
  "create" | "update" | "updateMany" | "delete" | "deleteMany" | "consumeOne" | "incrementOne"
>;

const guarded = new WeakSet<object>();

/**
 * Makes the adapter write down what ends before it ends, in the same transaction. The adapter itself is changed, so that
 * whatever has hold of it is guarded, and Better Auth still knows its schema check by it.
 *
 * A change outside of a transaction gets one of its own. Inside of one, what was written is told when that one is done.
 */
export function guardAdapter(adapter: AuthContext["adapter"], guard: Guard): void {
  if (guarded.has(adapter)) return;
  guarded.add(adapter);
  // An adapter without transactions hands its very self to the callback: the unguarded methods are kept for that.
  const original = boundMethods(adapter);
  const inTransaction = <R>(work: (store: DBTransactionAdapter) => Promise<R>): Promise<R> =>
    original.transaction((store) => work(isSelf(store, adapter) ? original : store));

  Object.assign(
    adapter,
    guardMethods(original, guard, async (change, make) => {
      if (!(await guard.isDue(change, original))) return make(original);
      const [result, entries] = await inTransaction(async (store) => {
        const recorded = await guard.record(change, store);
        return [await make(store), recorded] as const;
      });
      await guard.committed(entries);
      return result;
    }),
    {
      async transaction<R>(callback: (store: DBTransactionAdapter) => Promise<R>): Promise<R> {
        const written: LogEntry[] = [];
        const result = await inTransaction((store) =>
          callback(
            Object.assign(
              Object.create(store) as DBTransactionAdapter,
              guardMethods(store, guard, async (change, make) => {
                written.push(...(await guard.record(change, store)));
                return make(store);
              }),
            ),
          ),
        );
        await guard.committed(written);
        return result;
      },
    },
  );
}

const methodNames = [
  "create",
  "findOne",
  "findMany",
  "count",
  "update",
  "updateMany",
  "delete",
  "deleteMany",
  "consumeOne",
  "incrementOne",
  "transaction",
] as const satisfies readonly (keyof DBAdapter)[];

/** The methods as they are now, also those of an adapter that is an instance of a class. */
function boundMethods(adapter: DBAdapter): DBAdapter {
  const methods = methodNames.map((name) => [name, (adapter[name] as () => unknown).bind(adapter)]);
  return Object.assign(Object.create(adapter) as DBAdapter, Object.fromEntries(methods));
}

function isSelf(store: object, adapter: object): boolean {
  return store === adapter;
}

type Run = <R>(change: Change, make: (store: DBTransactionAdapter) => Promise<R>) => Promise<R>;

/** The changing methods of a store, each run by `run` when it can end a token. */
function guardMethods(store: DBTransactionAdapter, guard: Guard, run: Run): Methods {
  function guardedCall<R>(
    action: Change["action"],
    {
      model: name,
      where = [],
      data = {},
    }: { model: string; where?: Where[]; data?: Record<string, unknown> },
    make: (store: DBTransactionAdapter) => Promise<R>,
  ): Promise<R> {
    const change: Change = { action, model: guard.modelName(name), where, data };
    return guard.concerns(change) ? run(change, make) : make(store);
  }
  return {
    create: (given) =>
      guardedCall("create", { model: given.model, data: given.data }, (one) => one.create(given)),
    update: (given) => guardedCall("update", { ...given, data: given.update }, (one) => one.update(given)),
    updateMany: (given) =>
      guardedCall("update", { ...given, data: given.update }, (one) => one.updateMany(given)),
    delete: (given) => guardedCall("delete", given, (one) => one.delete(given)),
    deleteMany: (given) => guardedCall("delete", given, (one) => one.deleteMany(given)),
    consumeOne: (given) => guardedCall("delete", given, (one) => one.consumeOne(given)),
    incrementOne: (given) =>
      guardedCall("update", { ...given, data: { ...given.increment, ...given.set } }, (one) =>
        one.incrementOne(given),
      ),
  } as Methods;
}
