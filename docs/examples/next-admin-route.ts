import { createVerifier, verifierOptionsFromEnvironment } from "watchword";
import { authenticate, requireRole } from "watchword/next";

const verifier = createVerifier(verifierOptionsFromEnvironment(process.env));

export const GET = authenticate(
  verifier,
  requireRole("admin", (_request, { identity }) => Response.json({ admin: identity.userId })),
);
