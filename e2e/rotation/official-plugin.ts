import type { LoadReport } from "./load.ts";
import { freshSecret, playUnderLoad } from "./scenario.ts";

/**
 * Better Auth's own `jwt()`, with our verifiers as they are, through its own rotation: it signs with a new key at once, and
 * publishes the old one for a while. On real time, since that plugin knows no other.
 */
export async function followOfficialPlugin(pace = 1): Promise<LoadReport> {
  return await playUnderLoad(
    {
      issuer: {
        secret: freshSecret(),
        plugin: null,
        // Longer than the verifiers wait between two looks for a key that they do not know.
        official: { rotationSeconds: 34, graceSeconds: 3600, ttlSeconds: 8 },
      },
      verifiers: ({ origin }) => ({ jwksUrl: `${origin}/api/auth/jwks` }),
      factor: 1,
      pace,
    },
    async ({ load, hold }) => {
      let first = "";
      await load.until(({ keyId }) => {
        first = keyId;
        return true;
      });
      await load.until(({ keyId }) => keyId !== first);
      await hold(6);
    },
  );
}
