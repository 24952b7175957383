import { createVerifier, type Identity, WatchwordError } from "watchword";
import { watchword } from "watchword/better-auth";
import { createAuthFetch } from "watchword/client";
import { authenticate, requireSelf } from "watchword/hono";
import { mintToken } from "watchword/testing";

const secret = "Tq7mZ2vX9kLr4Nw8Ps1Yc6Hd3Fg5Jb0e";
const [issuer, audience] = ["https://app.example.com", "https://api.example.com"];
const verifier = createVerifier({ issuer, audience, secret });

async function userOf(token: string): Promise<string> {
  const identity: Identity = await verifier.verify(token);
  return identity.userId;
}

export async function facts(): Promise<string> {
  const user = await userOf(mintToken({ secret, iss: issuer, aud: audience, sub: "ada" }));
  const refused = await userOf("x").catch((error: unknown) => error instanceof WatchwordError && error.code);
  const functions = [watchword, createAuthFetch, authenticate, requireSelf].map((value) => typeof value);
  return [user, refused, ...new Set(functions)].join();
}
