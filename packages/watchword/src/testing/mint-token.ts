import { randomUUID } from "node:crypto";
import { type Clock, systemClock } from "../clock.ts";
import { ConfigurationError } from "../errors.ts";
import { deriveKey } from "../keys/keys.ts";
import { signHs256 } from "../token/jws.ts";

/** How to mint; every other member is a claim, and a claim that is `undefined` is left out. */
export interface MintOptions {
  /** `BETTER_AUTH_SECRET`; the key is derived from it for the claim `aud`. */
  readonly secret?: string;
  /** `WATCHWORD_KEY`; when given, `secret` is not used. */
  readonly key?: string;
  /** Changes to the header `{ alg: "HS256", kid, typ: "at+jwt" }`; `undefined` leaves a member out. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** Where `iat` comes from. */
  readonly clock?: Clock;
  readonly [claim: string]: unknown;
}

/**
 * A token as the issuer makes it, for tests that run without Better Auth. Nothing is checked, so that bad tokens can be
 * minted too.
 *
 * Defaults: `iss` `http://localhost:3000`, `aud` `http://localhost:8000`, `sub` `user_1`, `iat` now, `exp` 900 s later,
 * fresh `jti` and `sid`.
 */
export function mintToken({ secret, key, header, clock = systemClock, ...claims }: MintOptions): string {
  const payload = { ...defaultClaims(clock), ...claims };
  const signingKey =
    key ?? (secret === undefined ? undefined : deriveKey(secret, firstAudience(payload.aud)));
  if (signingKey === undefined) throw new ConfigurationError("Give mintToken a secret or a key.");
  return signHs256({ key: signingKey, payload, ...(header && { header }) });
}

/** The audience that a key is derived for; the default where a bad token names none. */
function firstAudience(aud: unknown): string {
  const [first] = [aud].flat();
  return typeof first === "string" && first !== "" ? first : defaultAudience;
}

const defaultAudience = "http://localhost:8000";

/** What a token says where its test does not. */
export function defaultClaims(clock: Clock): Readonly<Record<string, unknown>> {
  const issuedAt = Math.floor(clock.now());
  return {
    iss: "http://localhost:3000",
    aud: defaultAudience,
    sub: "user_1",
    iat: issuedAt,
    exp: issuedAt + 900,
    jti: randomUUID(),
    sid: randomUUID(),
  };
}
