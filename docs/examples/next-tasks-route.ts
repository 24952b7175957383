import { authenticate, requireScope, requireSelf } from "watchword/next";

export const GET = authenticate(
  requireSelf("user_id", (_request, { identity }) => Response.json({ owner: identity.userId })),
);

export const POST = authenticate(
  requireSelf(
    "user_id",
    requireScope("tasks:write", (_request, { identity }) => Response.json({ owner: identity.userId })),
  ),
);
