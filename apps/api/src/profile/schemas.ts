import { z } from "@hono/zod-openapi";
import { notBlank, nullableText } from "../http/fields.ts";

const emailForm = /^[^ \t\n\r@]+@[^ \t\n\r@]+$/;
const usernameForm = /^[A-Za-z0-9_.-]+$/;

/** A profile as it is answered. `email` and `name` come from the token until their owner changes them. */
export const Profile = z
  .object({
    id: z.string(),
    email: nullableText({ maxCharacters: 320 }),
    name: nullableText({ maxCharacters: 200 }),
    username: nullableText({ maxCharacters: 50 }),
  })
  .openapi("Profile");
export type Profile = z.output<typeof Profile>;

export const ProfileUpdate = z
  .object({
    email: nullableText({ minCharacters: 3, maxCharacters: 320, pattern: emailForm }).optional(),
    name: nullableText({ minCharacters: 1, maxCharacters: 200, pattern: notBlank }).optional(),
    username: nullableText({ minCharacters: 1, maxCharacters: 50, pattern: usernameForm }).optional(),
  })
  .openapi("ProfileUpdate");
export type ProfileUpdate = z.output<typeof ProfileUpdate>;
