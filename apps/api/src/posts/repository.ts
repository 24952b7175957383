import type { Clock } from "watchword";
import type { AnyoneReader, Writer } from "../database/owned.ts";
import type { PostRow } from "../database/tables.ts";
import { timestamp } from "../timestamp.ts";
import type { Post, PostCreate, PostList, PostQuery, PostUpdate } from "./schemas.ts";

export type VisiblePosts = ReturnType<typeof visiblePostsIn>;
export type ChangeablePosts = ReturnType<typeof changeablePostsIn>;

/** Public posts, and the reader's own private ones if there is a reader who owns any. */
export function visiblePostsIn(reader: AnyoneReader) {
  return {
    async list({ limit, offset }: PostQuery): Promise<PostList> {
      const { total } = await reader
        .selectVisible("posts")
        .select((row) => row.cast<number>(row.fn.countAll(), "integer").as("total"))
        .executeTakeFirstOrThrow();
      const rows = await reader
        .selectVisible("posts")
        .selectAll()
        .orderBy("created_at", "desc")
        .orderBy("id", "desc")
        .limit(limit)
        .offset(offset)
        .execute();
      return { items: rows.map(toPost), total, limit, offset };
    },

    async find(id: number): Promise<Post | undefined> {
      const row = await reader.selectVisible("posts").selectAll().where("id", "=", id).executeTakeFirst();
      return row && toPost(row);
    },
  };
}

/** As {@link visiblePostsIn}; only the owner's own posts can be changed. */
export function changeablePostsIn(mine: Writer, clock: Clock) {
  return {
    ...visiblePostsIn(mine),

    async create(values: PostCreate): Promise<Post> {
      const now = timestamp(clock);
      const row = await mine
        .insert("posts", {
          title: values.title,
          body: values.body,
          is_private: Number(values.is_private),
          created_at: now,
          updated_at: now,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return toPost(row);
    },

    /** Sets the members given and moves `updated_at`. */
    async change(id: number, values: PostUpdate): Promise<Post> {
      const { title, body, is_private } = values;
      const row = await mine
        .update("posts")
        .set({
          ...(title === undefined ? {} : { title }),
          ...(body === undefined ? {} : { body }),
          ...(is_private === undefined ? {} : { is_private: Number(is_private) }),
          updated_at: timestamp(clock),
        })
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirstOrThrow();
      return toPost(row);
    },

    async remove(id: number): Promise<void> {
      await mine.delete("posts").where("id", "=", id).execute();
    },
  };
}

function toPost(row: PostRow): Post {
  return {
    id: row.id,
    user_id: row.user_id,
    title: row.title,
    body: row.body,
    is_private: row.is_private === 1,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
