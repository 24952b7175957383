import { createVerifier, verifierOptionsFromEnvironment } from "watchword";
import { authenticate, requireScope, requireSelf } from "watchword/next";

const verifier = createVerifier(verifierOptionsFromEnvironment(process.env));

export const GET = authenticate(
  verifier,
  requireSelf("user_id", (_request, { identity }) => Response.json({ owner: identity.userId })),
);

export const POST = authenticate(
  verifier,
  requireSelf(
    "user_id",
    requireScope("tasks:write", (_request, { identity }) => Response.json({ owner: identity.userId })),
  ),
);
