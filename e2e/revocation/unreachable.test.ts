import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningVerifier, startVerifiers } from "../rotation/verifier.ts";
import { eventually } from "../support/followers.ts";
import { Issuer, issuerAudience } from "../support/issuer.ts";
import { SignedIn } from "../support/signed-in.ts";
import { removeFolder, temporaryFolder } from "../support/temporary-folder.ts";

/** Everybody's clock runs so much faster: five minutes without an issuer are 15 s. */
const factor = 20;
/** Longer than that, in milliseconds. */
const patience = 60_000;
const secret = randomBytes(32).toString("base64url");
const folder = temporaryFolder("unreachable");
let issuer: Issuer;
let closed: RunningVerifier[] = [];
let open: RunningVerifier[] = [];

beforeAll(async () => {
  const clock = { start: Math.floor(Date.now() / 1000), factor };
  // Tokens that outlive what happens here.
  issuer = await Issuer.start({
    database: `${folder}/auth.sqlite`,
    secret,
    clock,
    plugin: { ttlSeconds: 86_400 },
  });
  const started = (whenUnreachable: "closed" | "open") =>
    startVerifiers({
      clock,
      issuer: issuer.address,
      audience: issuerAudience,
      secret: [secret],
      feed: { pollSeconds: 0.25, whenUnreachable },
    });
  [closed, open] = await Promise.all([started("closed"), started("open")]);
});
afterAll(async () => {
  await Promise.all([issuer, ...closed, ...open].map((one) => one?.stop()));
  removeFolder(folder);
});

/** State of the feed, and the answer to the token, of each. */
async function said(verifiers: readonly RunningVerifier[], token: string): Promise<readonly string[]> {
  return await Promise.all(
    verifiers.map(async (one) => `${one.language}: ${await one.feedState()}, ${await one.word(token)}`),
  );
}

function each(saying: string): readonly string[] {
  return ["typescript", "python"].map((language) => `${language}: ${saying}`);
}

async function allReach(verifiers: readonly RunningVerifier[], state: string): Promise<void> {
  await Promise.all(verifiers.map((one) => eventually(() => one.feedState(), state, patience)));
}

it("without an issuer verifiers go on for a while, then refuse or go on as they are told, and learn what they missed", async () => {
  const ada = await SignedIn.signUp(issuer);
  const token = await ada.token();
  const all = [...closed, ...open];
  expect(await said(closed, token)).toEqual(each("fresh, accepted"));
  await issuer.stop();
  await allReach(all, "stale");
  expect(await said(closed, token)).toEqual(each("stale, accepted"));
  await allReach(closed, "refusing");
  expect(await said(closed, token)).toEqual(each("refusing, unavailable"));
  expect(await said(open, token)).toEqual(each("stale, accepted"));
  issuer = await Issuer.start(issuer.options);
  await ada.at(issuer).signOut();
  await Promise.all(all.map((one) => eventually(() => one.word(token), "revoked", patience)));
  await allReach(all, "fresh");
});
