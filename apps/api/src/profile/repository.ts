import type { Clock, Identity } from "watchword";
import type { Reader, Writer } from "../database/owned.ts";
import type { ProfileRow } from "../database/tables.ts";
import { timestamp } from "../timestamp.ts";
import { type Profile, ProfileUpdate } from "./schemas.ts";

/** The owner's profile, if it is there already. */
export async function findProfile(mine: Reader): Promise<Profile | undefined> {
  const row = await mine.select("profiles").selectAll().executeTakeFirst();
  return row && toProfile(row);
}

/** The owner's profile; the first time it is made from the token's claims. */
export async function profileOrNew(mine: Writer, identity: Identity, clock: Clock): Promise<Profile> {
  const known = await findProfile(mine);
  if (known !== undefined) return known;
  const now = timestamp(clock);
  const row = await mine
    .insert("profiles", {
      email: claimOrNull("email", identity.email),
      name: claimOrNull("name", identity.name),
      username: null,
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toProfile(row);
}

/** Sets the members given. The profile must exist. */
export async function changeProfile(mine: Writer, values: ProfileUpdate, clock: Clock): Promise<Profile> {
  const { email, name, username } = values;
  const row = await mine
    .update("profiles")
    .set({
      ...(email === undefined ? {} : { email }),
      ...(name === undefined ? {} : { name }),
      ...(username === undefined ? {} : { username }),
      updated_at: timestamp(clock),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toProfile(row);
}

/** A claim that this API would refuse as input is not stored. */
function claimOrNull(member: "email" | "name", value: string | undefined): string | null {
  return ProfileUpdate.shape[member].safeParse(value).data ?? null;
}

function toProfile({ id, email, name, username }: ProfileRow): Profile {
  return { id, email, name, username };
}
