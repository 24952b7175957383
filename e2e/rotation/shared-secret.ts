import { computeKeyId, deriveKey } from "watchword";
import { mintToken } from "watchword/testing";
import { issuerAudience } from "../support/issuer.ts";
import { scaledClock } from "../support/scaled-clock.ts";
import type { LoadReport } from "./load.ts";
import { freshSecret, playUnderLoad, tenfold } from "./scenario.ts";
import { updateOneByOne } from "./verifier.ts";

/** Which side each change is made on first. */
export type Order = "issuer first" | "verifiers first";

/**
 * `BETTER_AUTH_SECRETS` on both sides: the new secret is added behind the old one, put before it, and the old one removed.
 * Each step is made on both sides, in the order given; the next one follows when the step is made.
 *
 * @param pace how many rotations, one after the other
 */
export async function rotateSharedSecret(order: Order, pace = 1): Promise<LoadReport> {
  let old = freshSecret();
  return await playUnderLoad(
    {
      issuer: { secret: old, plugin: { ttlSeconds: 60 } },
      verifiers: () => ({ secret: [old], feed: tenfold.feed }),
      factor: tenfold.factor,
      pace,
    },
    async ({ load, verifiers, clock, issuer, changeIssuer }) => {
      async function onBothSides(secrets: string, listed: readonly string[]): Promise<void> {
        const changes = [
          () => changeIssuer({ secrets }),
          () => updateOneByOne(verifiers, (settings) => ({ ...settings, secret: listed })),
        ];
        for (const change of order === "issuer first" ? changes : changes.reverse()) {
          await change();
          await load.hold(1);
        }
      }
      await load.hold(3);
      for (let version = 1; version <= pace; version += 1) {
        const fresh = freshSecret();
        const [oldKey, freshKey] = [old, fresh].map((one) => computeKeyId(deriveKey(one, issuerAudience)));
        const [last, next] = [`${version}:${old}`, `${version + 1}:${fresh}`];
        await onBothSides(`${last},${next}`, [old, fresh]);
        await onBothSides(`${next},${last}`, [fresh, old]);
        await load.until((token) => token.keyId === freshKey);
        await load.untilExpired((token) => token.keyId === oldKey);
        await onBothSides(next, [fresh]);
        // Whoever has the old secret can still sign with it.
        const forged = {
          secret: old,
          iss: issuer().address,
          aud: issuerAudience,
          clock: scaledClock(clock),
          exp: clock.start + 86_400,
        };
        for (let one = 0; one < 20; one += 1) load.addOld(mintToken(forged));
        await load.hold(6);
        old = fresh;
      }
    },
  );
}
