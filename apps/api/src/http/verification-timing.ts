import type { MiddlewareHandler } from "hono";
import type { Identity, Verifier, VerifyOptions } from "watchword";

/** Whether the very token was known already (CS-23), or the whole recipe was followed. */
type Recognition = "warm" | "cold";

type Seen = (recognition: Recognition, milliseconds: number) => void;

/**
 * The same step, whose answers also tell an accepted caller how long the verifier took and whether it knew the token
 * (contract, HTTP rule 10). A refused credential and an anonymous caller learn nothing.
 *
 * @param step makes the step for a verifier, for example `authenticate`.
 * @see https://www.w3.org/TR/server-timing/
 */
export function showingVerification(
  step: (verifier: Verifier) => MiddlewareHandler,
  verifier: Verifier,
): MiddlewareHandler {
  return (c, next) => {
    const seen: Seen = (recognition, milliseconds) =>
      c.header(
        "Server-Timing",
        `verify;desc="${recognition}";dur=${milliseconds.toFixed(3)}, backend;desc="hono"`,
      );
    return step(timed(verifier, seen))(c, next);
  };
}

/** The verifier for one request, which says when it has accepted a token. */
function timed(verifier: Verifier, seen: Seen): Verifier {
  function getCached(token: string, options?: VerifyOptions): Identity | undefined {
    const start = performance.now();
    const identity = verifier.getCached?.(token, options);
    if (identity !== undefined) seen("warm", performance.now() - start);
    return identity;
  }

  function verifyNow(token: string, options?: VerifyOptions): Identity | Promise<Identity> {
    const known = getCached(token, options);
    if (known !== undefined) return known;
    const start = performance.now();
    const accepted = (identity: Identity) => {
      seen("cold", performance.now() - start);
      return identity;
    };
    const identity = verifier.verifyNow?.(token, options) ?? verifier.verify(token, options);
    return identity instanceof Promise ? identity.then(accepted) : accepted(identity);
  }

  return { ...verifier, getCached, verifyNow, verify: async (token, options) => verifyNow(token, options) };
}
