import { createVerifier, verifierOptionsFromEnvironment } from "countersign";
import { optionalUser } from "countersign/next";

const verifier = createVerifier(verifierOptionsFromEnvironment(process.env));

export const GET = optionalUser(verifier, (_request, { identity }) =>
  Response.json({ reader: identity?.userId ?? null }),
);
