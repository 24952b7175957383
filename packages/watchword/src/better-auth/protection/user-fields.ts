import type { BetterAuthOptions } from "better-auth";
import { APIError } from "better-auth/api";

/** Longest name of a user, in code points. A name is a claim of each token and part of the cookie cache. */
export const maxNameCharacters = 100;
/** RFC 5321 §4.5.3.1.3: a path, without its brackets. */
const maxEmailCharacters = 254;
const maxImageCharacters = 2048;

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

function boundedUser<User extends Readonly<Record<string, unknown>>>(user: User, ctx: HookContext): User {
  const { name, image, email } = user;
  const changes: Record<string, unknown> = {};
  if (typeof name === "string") {
    changes["name"] = isSent(ctx, "name") ? checkedName(name) : fittingName(name, email);
  }
  if (typeof image === "string" && !isBounded(image, maxImageCharacters)) {
    if (isSent(ctx, "image")) {
      throw refusal("INVALID_IMAGE", `An image is an address of at most ${maxImageCharacters} characters.`);
    }
    changes["image"] = null;
  }
  if (typeof email === "string" && !isBounded(email, maxEmailCharacters)) {
    throw refusal("INVALID_EMAIL", `An email address has at most ${maxEmailCharacters} characters.`);
  }
  return { ...user, ...changes };
}

/** Whether the request names the field itself, at any level: the admin plugin takes `data`. */
function isSent(ctx: HookContext, field: string): boolean {
  const body = ctx?.body;
  if (typeof body !== "object" || body === null) return false;
  return Object.hasOwn(body, field) || isSent({ body: (body as Record<string, unknown>)["data"] }, field);
}

function checkedName(name: string): string {
  const trimmed = name.trim();
  const length = Array.from(trimmed).length;
  if (length >= 1 && length <= maxNameCharacters && !unprintable.test(trimmed)) return trimmed;
  throw refusal(
    "INVALID_NAME",
    `A name has 1 to ${maxNameCharacters} characters, and no control characters.`,
  );
}

function fittingName(name: string, email: unknown): string {
  const printable = Array.from(name, (character) => (unprintable.test(character) ? " " : character));
  const fitting = printable.join("").trim();
  const text = fitting === "" && typeof email === "string" ? (email.split("@", 1)[0] ?? "") : fitting;
  return Array.from(text).slice(0, maxNameCharacters).join("").trim();
}

function isBounded(text: string, maxCharacters: number): boolean {
  return text.length <= maxCharacters && !unprintable.test(text);
}

function refusal(code: string, message: string): APIError {
  return new APIError("BAD_REQUEST", { code, message });
}
