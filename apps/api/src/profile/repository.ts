import type { Clock, Identity } from "countersign";
import type { Database } from "../database/open.ts";
import type { ProfileRow } from "../database/tables.ts";
import { timestamp } from "../timestamp.ts";
import { type Profile, ProfileUpdate } from "./schemas.ts";

/** The profile of the caller, and no other: every statement carries the token's `sub`. */
export function profileOf(database: Database, identity: Identity, clock: Clock) {
  const own = () => database.selectFrom("profiles").selectAll().where("id", "=", identity.userId);

  return {
    /** Reads the profile; the first time it is made from the token's claims. */
    async get(): Promise<Profile> {
      const known = await own().executeTakeFirst();
      if (known !== undefined) return toProfile(known);
      const now = timestamp(clock);
      await database
        .insertInto("profiles")
        .values({
          id: identity.userId,
          email: claimOrNull("email", identity.email),
          name: claimOrNull("name", identity.name),
          username: null,
          created_at: now,
          updated_at: now,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return toProfile(await own().executeTakeFirstOrThrow());
    },

    /** Sets the members given. The profile must exist. */
    async change(values: ProfileUpdate): Promise<Profile> {
      const { email, name, username } = values;
      const row = await database
        .updateTable("profiles")
        .set({
          ...(email === undefined ? {} : { email }),
          ...(name === undefined ? {} : { name }),
          ...(username === undefined ? {} : { username }),
          updated_at: timestamp(clock),
        })
        .where("id", "=", identity.userId)
        .returningAll()
        .executeTakeFirstOrThrow();
      return toProfile(row);
    },
  };
}

/** A claim that this API would refuse as input is not stored. */
function claimOrNull(member: "email" | "name", value: string | undefined): string | null {
  return ProfileUpdate.shape[member].safeParse(value).data ?? null;
}

function toProfile({ id, email, name, username }: ProfileRow): Profile {
  return { id, email, name, username };
}
