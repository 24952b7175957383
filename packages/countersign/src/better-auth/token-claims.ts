import { randomUUID } from "node:crypto";
import type { Session, User } from "better-auth";
import { isAPIError } from "better-auth/api";
import { type IssuerPolicy, type PayloadInput, registeredClaims } from "./options.ts";
import { TokenRefusal } from "./refusals.ts";

/** A signed-in user as the session store knows them. */
export interface SignedIn {
  readonly user: User & Record<string, unknown>;
  readonly session: Session & Record<string, unknown>;
}

/** The claims of one token; those that are `undefined` are left out when it is signed. */
export interface TokenClaims extends Readonly<Record<string, unknown>> {
  readonly iss: string;
  readonly aud: string;
  readonly sub: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  readonly sid: string;
}

/**
 * The claims of a token for a signed-in user, with a fresh `jti` (RFC 7519 §4.1).
 *
 * @throws TokenRefusal `INVALID_CLAIMS` when `definePayload` fails, names a registered claim, gives something that is no JSON, or
 *   lets the session's token out
 */
export async function tokenClaims(policy: IssuerPolicy, { user, session }: SignedIn): Promise<TokenClaims> {
  const { token, ...publicSession } = session;
  const issuedAt = Math.floor(policy.clock.now());
  const own = checkOwnClaims(await ownClaims(policy, { user, session: publicSession }));
  const claims = {
    email: text(user.email),
    name: text(user.name),
    role: text(user["role"]),
    scope: policy.scope,
    ...own,
    iss: policy.issuer,
    aud: policy.audience,
    sub: user.id,
    iat: issuedAt,
    exp: issuedAt + policy.ttlSeconds,
    jti: randomUUID(),
    sid: session.id,
  };
  checkNoSessionToken(claims, token);
  return claims;
}

/** An APIError is the application's own refusal and is answered as such. */
async function ownClaims(policy: IssuerPolicy, input: PayloadInput): Promise<unknown> {
  try {
    return await policy.definePayload(input);
  } catch (cause) {
    if (isAPIError(cause)) throw cause;
    throw new TokenRefusal("INVALID_CLAIMS", undefined, { cause });
  }
}

function checkOwnClaims(own: unknown): Readonly<Record<string, unknown>> {
  if (typeof own !== "object" || own === null || Array.isArray(own)) throw new TokenRefusal("INVALID_CLAIMS");
  const registered = registeredClaims.find((claim) => Object.hasOwn(own, claim));
  if (registered !== undefined) throw new TokenRefusal("INVALID_CLAIMS", registered);
  return { ...own };
}

/** Looks at each claim as the text it will be, so at any depth, in member names and inside longer texts. */
function checkNoSessionToken(claims: TokenClaims, sessionToken: string): void {
  for (const [claim, value] of Object.entries(claims)) {
    if (jsonText(claim, { [claim]: value }).includes(sessionToken)) {
      throw new TokenRefusal("INVALID_CLAIMS", claim.includes(sessionToken) ? undefined : claim);
    }
  }
}

function jsonText(claim: string, value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    throw new TokenRefusal("INVALID_CLAIMS", claim);
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
