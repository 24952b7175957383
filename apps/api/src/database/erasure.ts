import type { Database } from "./open.ts";

/** Deletes every row of one user. */
export async function eraseUser(database: Database, userId: string): Promise<void> {
  await database.transaction().execute(async (all) => {
    await all.deleteFrom("tasks").where("user_id", "=", userId).execute();
    await all.deleteFrom("profiles").where("id", "=", userId).execute();
  });
}
