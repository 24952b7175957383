import type { AllOwnersReader } from "../database/owned.ts";
import type { UserList, UserQuery } from "./schemas.ts";

/** The profiles of all users, for an administrator. */
export async function listUsers(all: AllOwnersReader, { limit, offset }: UserQuery): Promise<UserList> {
  const { total } = await all
    .select("profiles")
    .select((row) => row.cast<number>(row.fn.countAll(), "integer").as("total"))
    .executeTakeFirstOrThrow();
  const items = await all
    .select("profiles")
    .select(["id", "email", "name", "username", "created_at", "updated_at"])
    .orderBy("id")
    .limit(limit)
    .offset(offset)
    .execute();
  return { items, total, limit, offset };
}
