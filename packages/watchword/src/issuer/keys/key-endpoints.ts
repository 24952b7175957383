import { createAuthEndpoint } from "better-auth/api";
import { issuerOf } from "../issuer.ts";
import type { KeyPolicy } from "./key-options.ts";
import type { PublishedKey } from "./key-pair.ts";
import type { KeyRing } from "./key-ring.ts";

/** What a verifier reads (RFC 7517 §5). */
export interface KeySetAnswer {
  readonly keys: readonly PublishedKey[];
}

/** Longest time, in seconds, that a published set may be kept by whoever stands between: never longer than the overlap. */
export const maxAgeSeconds = 300;

const wellKnownPath = "/.well-known/jwks.json";

/**
 * `GET /.well-known/jwks.json` and `GET /jwks`: the public keys. On the server, `auth.api.rotateSigningKey({ body })`
 * begins a rotation.
 */
export function keyEndpoints({ jwksPath, overlapSeconds }: KeyPolicy) {
  const publish = (path: string) =>
    createAuthEndpoint(path, { method: "GET" }, async (ctx): Promise<KeySetAnswer> => {
      const keys = await ringOf(ctx).published();
      ctx.setHeader("cache-control", `public, max-age=${Math.min(maxAgeSeconds, overlapSeconds)}`);
      return { keys };
    });
  return {
    getSigningKeys: publish(jwksPath),
    getWellKnownSigningKeys: publish(wellKnownPath),
    /** `compromised: true` takes the other keys out of use at once. */
    rotateSigningKey: createAuthEndpoint.serverOnly(
      { method: "POST", metadata: { $Infer: { body: {} as { compromised?: boolean } } } },
      async (ctx): Promise<{ keyId: string }> => {
        const { compromised = false } = (ctx.body ?? {}) as { compromised?: boolean };
        const { kid } = await ringOf(ctx).rotate(compromised === true);
        return { keyId: kid };
      },
    ),
  };
}

function ringOf(ctx: { readonly context: object }): KeyRing {
  // The endpoints are there in public-key mode only, and so is the ring.
  return issuerOf(ctx).ring as KeyRing;
}
