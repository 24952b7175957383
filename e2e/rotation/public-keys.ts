import type { LoadReport } from "./load.ts";
import { freshSecret, playUnderLoad, tenfold } from "./scenario.ts";
import { updateOneByOne } from "./verifier.ts";

const secret = freshSecret();
const feedSecret = freshSecret();
/** In seconds of clocks that run ten times as fast as real ones. */
const keys = { overlapSeconds: 60, rotateAfterSeconds: 150 };
const ttlSeconds = 60;
const revocation = { feedSecret };

/**
 * Key pairs: one rotation on schedule, one that is asked for, and one of a key that somebody else has.
 *
 * @param pace how many times all of that
 */
export async function rotatePublicKeys(pace = 1): Promise<LoadReport> {
  return await playUnderLoad(
    {
      issuer: { secret, plugin: { ttlSeconds, keys, revocation } },
      verifiers: ({ origin }) => ({
        jwksUrl: `${origin}/api/auth/jwks`,
        feed: { ...tenfold.feed, feedSecret },
      }),
      factor: tenfold.factor,
      pace,
    },
    async ({ load, issuer }) => {
      await load.untilNewKey();
      for (let round = 0; round < pace; round += 1) {
        await load.hold(4);
        await load.untilNewKey();
        await load.hold(2);
        await issuer().rotate("forced");
        await load.untilNewKey();
        await load.hold(5);
        // A key that nobody could read before: unknown ones, such as those that are gone, make a verifier read the keys once
        // in 30 s of its clock.
        load.doubtAll();
        const replacement = await issuer().rotate("compromised");
        await load.hold(4);
        load.endDoubt(({ keyId }) => keyId === replacement);
        await load.hold(6);
      }
    },
  );
}

/**
 * From the shared secret to key pairs: published first, then verifiers one by one, then signing, then the secret goes.
 *
 * @param pace how many times as long each step is held
 */
export async function migrateToPublicKeys(pace = 1): Promise<LoadReport> {
  return await playUnderLoad(
    {
      issuer: { secret, plugin: { ttlSeconds, revocation } },
      verifiers: () => ({ secret: [secret], feed: { ...tenfold.feed, feedSecret } }),
      factor: tenfold.factor,
      pace,
    },
    async ({ load, verifiers, issuer, changeIssuer }) => {
      const hold = (seconds: number) => load.hold(seconds * pace);
      const jwksUrl = `${issuer().origin}/api/auth/jwks`;
      const longLived = { overlapSeconds: 60, rotateAfterSeconds: 86_400 };
      await hold(3);
      await changeIssuer({ plugin: { ttlSeconds, revocation, keys: { ...longLived, signing: false } } });
      await hold(2);
      await updateOneByOne(verifiers, (settings) => ({ ...settings, jwksUrl }));
      await hold(2);
      await changeIssuer({ plugin: { ttlSeconds, revocation, keys: longLived } });
      await load.until(({ algorithm }) => algorithm === "EdDSA");
      await load.untilExpired(({ algorithm }) => algorithm === "HS256");
      await updateOneByOne(verifiers, ({ secret: _, ...settings }) => settings);
      await hold(8);
    },
  );
}
