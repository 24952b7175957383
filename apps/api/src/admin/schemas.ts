import { z } from "@hono/zod-openapi";
import { timestampText } from "../http/fields.ts";
import { page, pageOf } from "../http/page.ts";
import { Profile } from "../profile/schemas.ts";

/** A profile as an administrator sees it. */
export const User = z
  .object({ ...Profile.shape, created_at: timestampText(), updated_at: timestampText() })
  .openapi("User");
export type User = z.output<typeof User>;

export const UserList = pageOf(User).openapi("UserList");
export type UserList = z.output<typeof UserList>;

export const UserQuery = z.object(page);
export type UserQuery = z.output<typeof UserQuery>;
