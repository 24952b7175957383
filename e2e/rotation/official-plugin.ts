import type { LoadReport } from "./load.ts";
import { freshSecret, playUnderLoad } from "./scenario.ts";

/**
 * Better Auth's own `jwt()`, with our verifiers as they are, through its own rotation: it signs with a new key at once, and
 * publishes the old one for a while. On real time, since that plugin knows no other.
 *
 * @param pace how many rotations
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
    async ({ load }) => {
      await load.untilNewKey();
      for (let rotation = 0; rotation < pace; rotation += 1) await load.untilNewKey();
      await load.hold(6);
    },
  );
}
