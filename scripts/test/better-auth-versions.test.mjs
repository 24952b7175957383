import { expect, it } from "vitest";
import { tryVersion, versions } from "../better-auth-versions.mjs";

// `npm run test:better-auth` takes all of them; install.test.mjs takes the newest that the registry has.
it("the oldest Better Auth that the package takes issues, bounds and ends tokens", async () => {
  expect(JSON.parse(await tryVersion(versions[0])).warnings.filter((one) => /not tested/.test(one))).toEqual(
    [],
  );
}, 120_000);
