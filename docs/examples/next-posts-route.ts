import { createVerifier, verifierOptionsFromEnvironment } from "watchword";
import { optionalUser } from "watchword/next";

const verifier = createVerifier(verifierOptionsFromEnvironment(process.env));

export const GET = optionalUser(verifier, (_request, { identity }) =>
  Response.json({ reader: identity?.userId ?? null }),
);
