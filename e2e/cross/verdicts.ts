// Reads settings of verifiers from the first line of standard input and one case per line from the others; writes one
// verdict per line. Its twin is verdicts.py.
import { text } from "node:stream/consumers";
import {
  authenticate,
  ConfigurationError,
  createVerifier,
  type Identity,
  type RevocationSource,
  requireRole,
  requireScope,
  requireSelf,
  type VerifierOptions,
  WatchwordError,
} from "watchword";
import { fixedClock } from "watchword/testing";

// By "\n" alone: JSON text may hold U+2028, at which a line reader would stop.
const [first = "", ...cases] = (await text(process.stdin)).trimEnd().split("\n");
const { now, verifiers } = JSON.parse(first);
const clock = fixedClock(now);

function revocationOf(revoked: readonly string[] = []): RevocationSource {
  return {
    isRevoked({ tokenId = "", sessionId = "", userId }) {
      if (tokenId === "fault") throw new Error("The source is out of reach.");
      return [tokenId, sessionId, userId].some((one) => revoked.includes(one));
    },
  };
}

const made = verifiers.map(
  ({ revoked, ...options }: Record<string, unknown> & { revoked?: readonly string[] }) =>
    createVerifier({
      ...(options as unknown as VerifierOptions),
      clock,
      ...(revoked && { revocation: revocationOf(revoked) }),
    }),
);

function fields(identity: Identity) {
  return {
    userId: identity.userId,
    sessionId: identity.sessionId ?? null,
    tokenId: identity.tokenId ?? null,
    email: identity.email ?? null,
    name: identity.name ?? null,
    role: identity.role ?? null,
    roles: identity.roles,
    scopes: identity.scopes,
    issuer: identity.issuer ?? null,
    audience: identity.audience,
    issuedAt: identity.issuedAt,
    expiresAt: identity.expiresAt,
    claims: identity.claims,
  };
}

async function verdict(line: string) {
  const { at, verifier, authorization, mode, userId, scopes, roles } = JSON.parse(line);
  clock.advance(at - clock.now());
  try {
    const identity = await authenticate(made[verifier], authorization, mode);
    if (identity === null) return { code: "anonymous" };
    if (userId !== null) requireSelf(identity, userId);
    if (scopes !== null) requireScope(identity, ...scopes);
    if (roles !== null) requireRole(identity, ...roles);
    return { code: "accepted", identity: fields(identity) };
  } catch (error) {
    if (error instanceof WatchwordError)
      return { code: error.code, claim: error.claim ?? null, detail: error.message };
    if (error instanceof ConfigurationError) return { code: error.code };
    throw error;
  }
}

for (const line of cases) process.stdout.write(`${JSON.stringify(await verdict(line))}\n`);
