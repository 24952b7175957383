import { authenticate, requireRole } from "watchword/next";

export const GET = authenticate(
  requireRole("admin", (_request, { identity }) => Response.json({ admin: identity.userId })),
);
