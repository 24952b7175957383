import { z } from "@hono/zod-openapi";
import { notBlank, text, timestampText } from "../http/fields.ts";
import { page, pageOf } from "../http/page.ts";

const title = () => text({ minCharacters: 1, maxCharacters: 200, pattern: notBlank });
const body = () => text({ minCharacters: 1, maxCharacters: 10_000, pattern: notBlank });

/** A post as it is answered. */
export const Post = z
  .object({
    id: z.int().min(1),
    user_id: z.string(),
    title: title(),
    body: body(),
    is_private: z.boolean(),
    created_at: timestampText(),
    updated_at: timestampText(),
  })
  .openapi("Post");
export type Post = z.output<typeof Post>;

export const PostList = pageOf(Post).openapi("PostList");
export type PostList = z.output<typeof PostList>;

export const PostCreate = z
  .object({ title: title(), body: body(), is_private: z.boolean().default(false) })
  .openapi("PostCreate");
export type PostCreate = z.output<typeof PostCreate>;

export const PostUpdate = z
  .object({ title: title().optional(), body: body().optional(), is_private: z.boolean().optional() })
  .openapi("PostUpdate");
export type PostUpdate = z.output<typeof PostUpdate>;

export const PostQuery = z.object(page);
export type PostQuery = z.output<typeof PostQuery>;
