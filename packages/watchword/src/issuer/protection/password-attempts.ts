import type { BetterAuthPlugin, GenericEndpointContext } from "better-auth";
import { APIError, createAuthMiddleware, getSessionFromCtx, isAPIError } from "better-auth/api";
import type { Clock } from "../../clock.ts";
import { issuerOf } from "../issuer.ts";
import { SlidingWindow } from "./sliding-window.ts";

const windowSeconds = 60;

/** Paths that set a password and check none. */
const settingPaths = ["/sign-up/", "/reset-password", "/set-password", "/admin/", "/forget-password"];

/** Members of a request that a password is checked from. */
const passwordMembers = ["password", "currentPassword"];

/** What a request that checks a password is remembered by, until it is answered. */
const counted = new WeakMap<object, string>();

/**
 * Bounds the wrong passwords of one account in any minute, over every path that checks one: 429
 * `TOO_MANY_PASSWORD_ATTEMPTS`. No header of a request changes what is counted. A right password is not counted.
 *
 * Whoever guesses at an account keeps its owner from signing in meanwhile; sessions that are open go on.
 */
export function passwordAttempts(perMinute: number, clock: Clock): NonNullable<BetterAuthPlugin["hooks"]> {
  const attempts = new SlidingWindow();
  return {
    before: [
      {
        matcher: ({ path, body }) => checksPassword(path, body),
        handler: createAuthMiddleware(async (ctx) => {
          const account = await accountOf(ctx);
          if (account === undefined) return;
          const waitSeconds = attempts.take(account, perMinute, windowSeconds, clock.now());
          if (waitSeconds !== undefined) throw tooMany(ctx, Math.ceil(waitSeconds));
          counted.set(ctx.context, account);
        }),
      },
    ],
    after: [
      {
        matcher: ({ path, body }) => checksPassword(path, body),
        handler: createAuthMiddleware(async (ctx) => {
          const account = counted.get(ctx.context);
          if (account === undefined) return;
          counted.delete(ctx.context);
          if (!isWrongPassword(ctx.context.returned)) attempts.giveBack(account);
        }),
      },
    ],
  };
}

function checksPassword(path: string | undefined, body: unknown): boolean {
  if (path === undefined || settingPaths.some((start) => path.startsWith(start))) return false;
  return (
    typeof body === "object" && body !== null && passwordMembers.some((name) => Object.hasOwn(body, name))
  );
}

/** Better Auth's codes: INVALID_PASSWORD, INVALID_EMAIL_OR_PASSWORD, INVALID_USERNAME_OR_PASSWORD … */
function isWrongPassword(returned: unknown): boolean {
  return isAPIError(returned) && /INVALID.*PASSWORD/.test(returned.body?.code ?? "");
}

/** The account that a password is checked for, by the email of its user where there is one. */
async function accountOf(ctx: GenericEndpointContext): Promise<string | undefined> {
  const { email, username, phoneNumber } = (ctx.body ?? {}) as Readonly<Record<string, unknown>>;
  if (ctx.path?.startsWith("/sign-in/")) {
    if (typeof email === "string") return email.toLowerCase();
    if (typeof username === "string") return emailOf(ctx, "username", username.toLowerCase());
    if (typeof phoneNumber === "string") return emailOf(ctx, "phoneNumber", phoneNumber);
    return undefined;
  }
  const session = await getSessionFromCtx(ctx);
  return session?.user.email.toLowerCase();
}

async function emailOf({ context }: GenericEndpointContext, field: string, value: string): Promise<string> {
  const where = [{ field, value }];
  const user = await context.adapter.findOne<{ email: string }>({ model: "user", where });
  return user?.email.toLowerCase() ?? `${field} ${value}`;
}

function tooMany(ctx: GenericEndpointContext, seconds: number): APIError {
  const code = "TOO_MANY_PASSWORD_ATTEMPTS";
  if (ctx.path?.startsWith("/sign-in/")) {
    issuerOf(ctx).report({ name: "watchword.sign_in.refused", code }, ctx.headers);
  }
  return new APIError(
    "TOO_MANY_REQUESTS",
    { code, message: "Too many wrong passwords for this account. Wait a minute and try again." },
    { "retry-after": String(seconds), "x-retry-after": String(seconds) },
  );
}
