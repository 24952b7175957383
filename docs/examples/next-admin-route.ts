import { createVerifier, verifierOptionsFromEnvironment } from "countersign";
import { authenticate, requireRole } from "countersign/next";

const verifier = createVerifier(verifierOptionsFromEnvironment(process.env));

export const GET = authenticate(
  verifier,
  requireRole("admin", (_request, { identity }) => Response.json({ admin: identity.userId })),
);
