import type { AuthContext, BetterAuthPlugin } from "better-auth";
import { ConfigurationError } from "../core/errors.ts";
import { type CountersignOptions, checkOptions } from "./options.ts";
import { signingKeys } from "./signing-key.ts";
import { tokenEndpoint, tokenPath } from "./token-endpoint.ts";

export type { TokenEvent, TokenIssuedEvent, TokenRefusedEvent } from "./audit.ts";
export type { CountersignOptions, OwnClaims, PayloadInput } from "./options.ts";
export type { RefusalName } from "./refusals.ts";
export type { TokenAnswer } from "./token-endpoint.ts";

/**
 * The Better Auth plugin that gives signed-in users a JWT for the API: `GET /token`, HS256, header `typ: at+jwt`.
 *
 * The key is derived from Better Auth's secret and opens nothing else: a JWT signed with the secret itself is also a valid
 * e-mail-verification token.
 *
 * @throws ConfigurationError for options that cannot be right, and from `auth.$context` for a secret, a session store or
 *   another plugin that it cannot work with. Await `auth.$context` at the start so that this stops it.
 */
export function countersign(options: CountersignOptions) {
  const policy = checkOptions(options);
  const keyFor = signingKeys(policy);
  return {
    id: "countersign",
    init(ctx: AuthContext) {
      keyFor(ctx.secretConfig);
      refuseStatelessSessions(ctx);
      refuseSecondTokenEndpoint(ctx);
    },
    endpoints: { getToken: tokenEndpoint(policy, keyFor) },
  } satisfies BetterAuthPlugin;
}

/** Without a store the session lives in the cookie alone and a sign-out ends nothing. */
function refuseStatelessSessions({ options }: AuthContext): void {
  if (options.database || options.secondaryStorage) return;
  throw new ConfigurationError(
    "countersign() needs sessions in a store: give Better Auth a database or a secondaryStorage.",
  );
}

/** Better Auth would let the last listed plugin answer `auth.api.getToken` and the first one the request. */
function refuseSecondTokenEndpoint({ options }: AuthContext): void {
  const owners = (options.plugins ?? []).filter(({ endpoints = {} }) =>
    Object.entries(endpoints).some(([name, endpoint]) => name === "getToken" || endpoint.path === tokenPath),
  );
  if (owners.length < 2) return;
  throw new ConfigurationError(
    `countersign() and the plugin ${owners.find(({ id }) => id !== "countersign")?.id ?? "countersign"} both answer GET ${tokenPath}. Remove one of them.`,
  );
}
