import { optionalUser } from "watchword/next";

export const GET = optionalUser((_request, { identity }) =>
  Response.json({ reader: identity?.userId ?? null }),
);
