import type { Kysely } from "kysely";
import { type OwnedTablesOptions, ownedTables } from "watchword/kysely";
import type { Tables } from "./tables.ts";

/** Which tables have owners, and who else may read them. It is the only way from the routes to the rows. */
export function ownTables(kysely: Kysely<Tables>, options: OwnedTablesOptions) {
  return ownedTables(
    kysely,
    {
      profiles: { owner: "id", allOwners: true },
      tasks: "user_id",
      task_changes: "user_id",
      conversations: "user_id",
      messages: "user_id",
      posts: { owner: "user_id", visible: { is_private: 0 } },
    },
    options,
  );
}

/** The owner-scoped handle of this application. */
export type Owned = ReturnType<typeof ownTables>;

/** What the work of a transaction is given: statements that read the rows of one owner, … */
export type Reader = Parameters<Parameters<Owned["reading"]>[1]>[0];
/** … that also change them, … */
export type Writer = Parameters<Parameters<Owned["writing"]>[1]>[0];
/** … that read what anyone may read, … */
export type AnyoneReader = Parameters<Parameters<Owned["readingAsAnyone"]>[0]>[0];
/** … and that read the rows of all owners. */
export type AllOwnersReader = Parameters<Parameters<Owned["readingAllOwners"]>[0]>[0];
