import type { BetterAuthOptions } from "better-auth";
import { APIError } from "better-auth/api";

/** Longest name of a user, in code points. A name is a claim of each token and part of the cookie cache. */
export const maxNameCharacters = 100;
/** RFC 5321 §4.5.3.1.3: a path, without its brackets. */
const maxEmailCharacters = 254;
const maxImageCharacters = 2048;

/** Neither white space nor a format character, such as a zero-width space. */
const visible = /[^\p{Cf}\s]/u;
const unprintable = /[\p{Cc}\p{Cs}\u2028\u2029]/u;

type UserHooks = NonNullable<NonNullable<BetterAuthOptions["databaseHooks"]>["user"]>;
type HookContext = { readonly body?: unknown } | null | undefined;

/**
 * Bounds what a user may be called, alike in every store. What a person sent is refused; what a provider said of a person is
 * made to fit, or that person could not sign in.
 */
export const boundedUsers: UserHooks = {
  create: { before: async (user, ctx) => ({ data: boundedUser(user, ctx) }) },
  update: { before: async (user, ctx) => ({ data: boundedUser(user, ctx) }) },
};

type Fields = Readonly<Record<string, unknown>>;

function boundedUser<User extends Fields>(user: User, ctx: HookContext): User {
  const { name, displayUsername, image, email } = user;
  const changes: Record<string, unknown> = {};
  if (name !== undefined) {
    const isProvided = typeof name === "string" && !isSent(ctx, "name");
    changes["name"] = isProvided ? fittingName(name, email) : checkedName(name);
  }
  if (typeof displayUsername === "string") changes["displayUsername"] = checkedName(displayUsername);
  if (image !== undefined && image !== null && !isBounded(image, maxImageCharacters)) {
    if (isSent(ctx, "image")) {
      throw refusal("INVALID_IMAGE", `An image is an address of at most ${maxImageCharacters} characters.`);
    }
    changes["image"] = null;
  }
  if (email !== undefined && !isBounded(email, maxEmailCharacters)) {
    throw refusal("INVALID_EMAIL", `An email address has at most ${maxEmailCharacters} characters.`);
  }
  const complete = { ...user, ...changes };
  // SQLite keeps U+0000, PostgreSQL refuses it.
  const bad = Object.keys(complete).find((field) => String(complete[field]).includes("\u0000"));
  if (bad !== undefined) throw refusal("INVALID_USER_FIELD", `${bad} must not hold the character U+0000.`);
  return complete;
}

/** Whether the request names the field itself, at any level: the admin plugin takes `data`. */
function isSent(ctx: HookContext, field: string): boolean {
  const body = ctx?.body;
  if (typeof body !== "object" || body === null) return false;
  return Object.hasOwn(body, field) || isSent({ body: (body as Record<string, unknown>)["data"] }, field);
}

function checkedName(name: unknown): string {
  const trimmed = typeof name === "string" ? name.trim() : "";
  const isShort = Array.from(trimmed).length <= maxNameCharacters;
  if (isShort && visible.test(trimmed) && !unprintable.test(trimmed)) return trimmed;
  throw refusal(
    "INVALID_NAME",
    `A name has 1 to ${maxNameCharacters} characters, and no control characters.`,
  );
}

function fittingName(name: string, email: unknown): string {
  const printable = Array.from(name, (character) => (unprintable.test(character) ? " " : character));
  const fitting = printable.join("").trim();
  const text = !visible.test(fitting) && typeof email === "string" ? (email.split("@", 1)[0] ?? "") : fitting;
  return Array.from(text).slice(0, maxNameCharacters).join("").trim();
}

function isBounded(text: unknown, maxCharacters: number): boolean {
  return typeof text === "string" && text.length <= maxCharacters && !unprintable.test(text);
}

function refusal(code: string, message: string): APIError {
  return new APIError("BAD_REQUEST", { code, message });
}
