import type { MiddlewareHandler } from "hono";
import type { Identity, Verifier } from "watchword";

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
  const known = new WeakSet<Identity>();
  return (c, next) => {
    const seen: Seen = (recognition, milliseconds) =>
      c.header(
        "Server-Timing",
        `verify;desc="${recognition}";dur=${milliseconds.toFixed(3)}, backend;desc="hono"`,
      );
    return step(timed(verifier, known, seen))(c, next);
  };
}

/** The verifier for one request, which says when it has accepted a token. A token that it knows gives the same identity. */
function timed(verifier: Verifier, known: WeakSet<Identity>, seen: Seen): Verifier {
  return {
    ...verifier,
    async verify(token, options) {
      const start = performance.now();
      const identity = await verifier.verify(token, options);
      seen(known.has(identity) ? "warm" : "cold", performance.now() - start);
      known.add(identity);
      return identity;
    },
  };
}
