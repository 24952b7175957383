import type { Store } from "../../e2e/support/store.ts";

/** Each user has so many tasks. */
export const tasksOfUser = 100;

/** The id of a user by number, from 0. */
export function userId(number: number): string {
  return `user_${number}`;
}

/** The words of which every title holds one; the search looks for the first. */
export const words = ["milk", "rent", "bread", "garden", "letter", "ticket", "window", "report"];

const day = "2026-01-01T00:00:00.000Z";

/**
 * Fills an empty store with tasks of `tasks / 100` users. The tasks of one user lie apart from each other, as they do where
 * many users write at the same time.
 */
export async function fill(store: Store, tasks: number): Promise<void> {
  const users = tasks / tasksOfUser;
  if (store.name === "postgres")
    await store.execute(
      `INSERT INTO api.tasks (user_id, title, description, completed, created_at, updated_at)
       SELECT 'user_' || (n % ${users}), (ARRAY['${words.join("','")}'])[1 + (n / ${users}) % ${words.length}] || ' ' || n, NULL,
              (n / ${users}) % 3 / 2, moment, moment
       FROM (SELECT n, to_char(timestamp '2026-01-01' + n * interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS moment
             FROM generate_series(0, ${tasks - 1}) AS n) AS rows`,
    );
  else
    await store.execute(
      `WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${tasks - 1})
       INSERT INTO tasks (user_id, title, description, completed, created_at, updated_at)
       SELECT 'user_' || (n % ${users}),
              ('${JSON.stringify(words)}' ->> ((n / ${users}) % ${words.length})) || ' ' || n, NULL,
              (n / ${users}) % 3 / 2,
              strftime('%Y-%m-%dT%H:%M:%fZ', '${day}', '+' || n || ' seconds'),
              strftime('%Y-%m-%dT%H:%M:%fZ', '${day}', '+' || n || ' seconds')
       FROM numbers`,
    );
  await settle(store);
}

/** Brings a store that was filled at once to the state of one that has been in use: statistics, visibility, nothing left to write. */
async function settle(store: Store): Promise<void> {
  const statements =
    store.name === "postgres"
      ? ["VACUUM ANALYZE api.tasks", "CHECKPOINT"]
      : ["ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)"];
  for (const statement of statements) await store.execute(statement);
}
