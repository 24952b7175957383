import { randomUUID } from "node:crypto";
import { isAPIError } from "better-auth/api";
import { type IssuerPolicy, type PayloadInput, rawSecretClaims, registeredClaims } from "./options.ts";
import { TokenRefusal } from "./refusals.ts";
import { type RoleClaims, scopesOfRoles } from "./roles.ts";
import { actorOf, type SignedIn } from "./signed-in.ts";
import type { RequestedToken } from "./token-request.ts";

/** The claims of one token; those that are `undefined` are left out when it is signed. */
export interface TokenClaims extends Readonly<Record<string, unknown>> {
  readonly iss: string;
  readonly aud: string | undefined;
  readonly sub: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  readonly sid: string;
}

/** What a token is made of, beside the policy. */
export interface TokenSubject {
  readonly signedIn: SignedIn;
  readonly roles: RoleClaims;
  readonly requested: RequestedToken;
  /** `iat`: seconds since 1970. */
  readonly issuedAt: number;
}

/**
 * The claims of a token for a signed-in user, with a fresh `jti` (RFC 7519 §4.1). It expires with its session at the
 * latest. While an administrator acts as the user, `act.sub` is the administrator (RFC 8693 §4.1).
 *
 * @throws TokenRefusal `INVALID_SCOPE` when more is asked for than is granted; `INVALID_CLAIMS` when `definePayload` fails,
 *   names a registered claim, gives something that is no JSON, or lets the session's token out
 */
export async function tokenClaims(policy: IssuerPolicy, subject: TokenSubject): Promise<TokenClaims> {
  const { signedIn, roles, requested, issuedAt } = subject;
  const { user, session } = signedIn;
  const { token, ...publicSession } = session;
  const { audience } = requested;
  const own = await ownClaims(policy, { user, session: publicSession, audience: audience.name });
  const actorId = actorOf(signedIn);
  const claims = {
    ...(policy.rawSecret ? {} : { email: text(user.email), name: text(user.name), role: roles.role }),
    roles: roles.roles,
    organization_id: roles.organizationId,
    ...checkOwnClaims(own, policy),
    ...(actorId !== undefined && { act: { sub: actorId } }),
    iss: policy.issuer,
    aud: audience.name ?? undefined,
    sub: user.id,
    iat: issuedAt,
    exp: Math.min(issuedAt + requested.ttlSeconds, Math.ceil(new Date(session.expiresAt).getTime() / 1000)),
    jti: randomUUID(),
    sid: session.id,
    // The names by which the usual verifiers of the raw secret read them.
    ...(policy.rawSecret && { user_id: user.id, sessionId: session.id }),
  };
  const complete = { ...claims, scope: scopeOf(policy, subject, claims) };
  checkNoSessionToken(complete, token);
  return complete;
}

/** What the audience and the roles grant, or what `definePayload` says instead; of it, what was asked for. */
function scopeOf(
  policy: IssuerPolicy,
  subject: TokenSubject,
  claims: Readonly<Record<string, unknown>>,
): unknown {
  const scope = Object.hasOwn(claims, "scope") ? claims["scope"] : grantedScope(policy, subject);
  const { scopes: asked } = subject.requested;
  if (asked === undefined) return scope;
  const had = typeof scope === "string" ? scope.split(" ") : [];
  if (!asked.every((one) => had.includes(one))) throw new TokenRefusal("INVALID_SCOPE");
  return asked.join(" ");
}

function grantedScope(policy: IssuerPolicy, { requested, roles }: TokenSubject): string | undefined {
  const granted = [...requested.audience.scopes, ...scopesOfRoles(policy.roles, roles)];
  return granted.length === 0 ? undefined : [...new Set(granted)].join(" ");
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

function checkOwnClaims(own: unknown, { rawSecret }: IssuerPolicy): Readonly<Record<string, unknown>> {
  if (typeof own !== "object" || own === null || Array.isArray(own)) throw new TokenRefusal("INVALID_CLAIMS");
  const refused = [...registeredClaims, ...(rawSecret ? [...rawSecretClaims, "user_id", "sessionId"] : [])];
  const named = refused.find((claim) => Object.hasOwn(own, claim));
  if (named !== undefined) throw new TokenRefusal("INVALID_CLAIMS", named);
  return { ...own };
}

/** Looks at the claims as the text they will be, so at any depth, in member names and inside longer texts. */
function checkNoSessionToken(claims: TokenClaims, sessionToken: string): void {
  if (jsonText(claims)?.includes(sessionToken) === false) return;
  const fault = Object.entries(claims).find(
    ([claim, value]) => jsonText({ [claim]: value })?.includes(sessionToken) !== false,
  );
  const [claim = ""] = fault ?? [];
  throw new TokenRefusal("INVALID_CLAIMS", claim === "" || claim.includes(sessionToken) ? undefined : claim);
}

/** `undefined` for what is no JSON, such as a big integer. */
function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
