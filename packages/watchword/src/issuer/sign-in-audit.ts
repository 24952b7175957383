import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { createAuthMiddleware, isAPIError } from "better-auth/api";
import type { Report } from "./audit.ts";
import { issuerOf } from "./issuer.ts";

/** Tells of every session that begins and of every one that ends, whatever began or ended it. */
export function sessionEvents(report: Report): NonNullable<BetterAuthOptions["databaseHooks"]> {
  return {
    session: {
      create: {
        async after({ id, userId }, ctx) {
          report({ name: "watchword.session.started", sessionId: id, userId }, ctx?.headers);
        },
      },
      delete: {
        async after({ id, userId }, ctx) {
          report({ name: "watchword.session.ended", sessionId: id, userId }, ctx?.headers);
        },
      },
    },
  };
}

/** Tells of every sign-in that Better Auth refuses: its code, and nothing of what was sent. */
export const refusedSignIns: NonNullable<BetterAuthPlugin["hooks"]> = {
  after: [
    {
      matcher: ({ path }) => path?.startsWith("/sign-in/") === true,
      handler: createAuthMiddleware(async (ctx) => {
        const { returned } = ctx.context;
        if (!isAPIError(returned) || returned.statusCode < 400) return;
        const code = returned.body?.code ?? String(returned.status);
        issuerOf(ctx).report({ name: "watchword.sign_in.refused", code }, ctx.headers);
      }),
    },
  ],
};
