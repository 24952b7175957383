import { deriveKey, keyId } from "countersign";
import { mintToken } from "countersign/testing";
import { issuerAudience } from "../support/issuer.ts";
import { scaledClock } from "../support/scaled-clock.ts";
import type { LoadReport } from "./load.ts";
import { freshSecret, playUnderLoad } from "./scenario.ts";
import { updateOneByOne } from "./verifier.ts";

/** Which side each change is made on first. */
export type Order = "issuer first" | "verifiers first";

/**
 * `BETTER_AUTH_SECRETS` on both sides: the new secret is added behind the old one, put before it, and the old one removed.
 * Each step is made on both sides, in the order given; the next one follows when the step is made.
 */
export async function rotateSharedSecret(order: Order, pace = 1): Promise<LoadReport> {
  const [old, fresh] = [freshSecret(), freshSecret()];
  const oldKey = keyId(deriveKey(old));
  return await playUnderLoad(
    {
      issuer: { secret: old, plugin: { ttlSeconds: 60 } },
      verifiers: () => ({ secret: [old], feed: {} }),
      factor: 10,
      pace,
    },
    async ({ load, verifiers, clock, issuer, changeIssuer, hold }) => {
      async function onBothSides(secrets: string, listed: readonly string[]): Promise<void> {
        const changes = [
          () => changeIssuer({ secrets }),
          () => updateOneByOne(verifiers, (settings) => ({ ...settings, secret: listed })),
        ];
        for (const change of order === "issuer first" ? changes : changes.reverse()) {
          await change();
          await hold(1);
        }
      }
      await hold(3);
      await onBothSides(`1:${old},2:${fresh}`, [old, fresh]);
      await onBothSides(`2:${fresh},1:${old}`, [fresh, old]);
      await load.until((token) => token.keyId !== oldKey);
      await load.untilExpired((token) => token.keyId === oldKey);
      await onBothSides(`2:${fresh}`, [fresh]);
      // Whoever has the old secret can still sign with it.
      const forged = { secret: old, iss: issuer().address, aud: issuerAudience, clock: scaledClock(clock) };
      for (let one = 0; one < 20; one += 1) load.addOld(mintToken({ ...forged, exp: clock.start + 86_400 }));
      await hold(6);
    },
  );
}
