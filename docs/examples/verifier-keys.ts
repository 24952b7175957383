import { createVerifier } from "watchword";

export const verifier = createVerifier({
  issuer: "http://localhost:3000",
  audience: "http://localhost:8000",
  jwksUrl: "http://localhost:3000/api/auth/.well-known/jwks.json",
});
