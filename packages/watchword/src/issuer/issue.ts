import type { AuthContext } from "better-auth";
import { WatchwordError } from "../errors.ts";
import type { EventBody } from "./audit.ts";
import type { Issuer } from "./issuer.ts";
import type { AudiencePolicy } from "./options.ts";
import { TokenRefusal } from "./refusals.ts";
import { roleClaims } from "./roles.ts";
import { unrevoked } from "./session-in-time.ts";
import { actorOf, type SignedIn } from "./signed-in.ts";
import type { Signer } from "./signing-key.ts";
import { type TokenClaims, tokenClaims } from "./token-claims.ts";
import { requestedToken } from "./token-request.ts";

/** The answer of the endpoint. */
export interface TokenAnswer {
  /** The JWT, for `Authorization: Bearer …`. */
  token: string;
  /** `exp` of the token: seconds since 1970. */
  expiresAt: number;
  /** Its whole life, in seconds. */
  expiresIn: number;
}

/** One request for a token. */
export interface TokenCall {
  readonly context: AuthContext;
  readonly headers: Headers | undefined;
  readonly query: unknown;
  /** Reads who is signed in, from the session store. */
  readonly readSession: () => Promise<SignedIn>;
}

/**
 * Makes a token and writes it in the audit trail.
 *
 * @throws TokenRefusal
 */
export async function issueToken(issuer: Issuer, call: TokenCall): Promise<TokenAnswer> {
  const { policy } = issuer;
  const { context, headers } = call;
  const requested = requestedToken(policy, call.query);
  const { signedIn, issuedAt } = await unrevoked(policy, context, call.readSession);
  const roles = await roleClaims(policy.roles, context, signedIn);
  const complete = await tokenClaims(policy, { signedIn, roles, requested, issuedAt });
  const signer = await signerOf(issuer, requested.audience, context);
  const { claims, token } = signAcceptable(signer, complete);
  issuer.report(issuedEvent(signer, claims, actorOf(signedIn)), headers);
  return { token, expiresAt: claims.exp, expiresIn: claims.exp - claims.iat };
}

async function signerOf(
  { signer }: Issuer,
  audience: AudiencePolicy,
  { logger }: AuthContext,
): Promise<Signer> {
  try {
    return await signer(audience);
  } catch {
    logger.error("[watchword] There is no key to sign with: its table could not be read or written.");
    throw new TokenRefusal("KEY_STORE_UNAVAILABLE");
  }
}

/**
 * A token that every verifier would refuse (too long, a user id that fits no URL, `cnf`) is not given out. What a user was
 * called before names were bounded must not lock that user out: such a token goes without `name`, then without `email` too.
 */
function signAcceptable(signer: Signer, claims: TokenClaims): { claims: TokenClaims; token: string } {
  const refusals: WatchwordError[] = [];
  for (const left of [{}, { name: undefined }, { name: undefined, email: undefined }]) {
    const fitting = { ...claims, ...left };
    const token = signer.sign(fitting);
    try {
      signer.check(fitting, token);
      return { claims: fitting, token };
    } catch (error) {
      if (!(error instanceof WatchwordError)) throw error;
      refusals.push(error);
    }
  }
  throw new TokenRefusal("INVALID_CLAIMS", refusals[0]?.claim);
}

function issuedEvent(signer: Signer, claims: TokenClaims, actorId: string | undefined): EventBody {
  return {
    name: "watchword.token.issued",
    userId: claims.sub,
    sessionId: claims.sid,
    tokenId: claims.jti,
    keyId: signer.keyId,
    ...(claims.aud !== undefined && { audience: claims.aud }),
    expiresAt: claims.exp,
    ...(actorId !== undefined && { actorId }),
  };
}
