import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chosenBackends } from "../support/backend.ts";
import { eventually, Follower } from "../support/followers.ts";
import { Issuer } from "../support/issuer.ts";
import { freePort } from "../support/server-process.ts";
import { SignedIn } from "../support/signed-in.ts";
import { removeFolder, temporaryFolder } from "../support/temporary-folder.ts";

const bound = 2000;
const secret = randomBytes(32).toString("base64url");
const settings = { BETTER_AUTH_SECRET: secret };
const folder = temporaryFolder("restarts");
let issuer: Issuer;
let backends: Follower[] = [];

beforeAll(async () => {
  issuer = await Issuer.start({ database: `${folder}/auth.sqlite`, secret });
  backends = await Follower.startAll(issuer, folder, settings);
});
afterAll(async () => {
  await Promise.all([issuer, ...backends].map((one) => one?.stop()));
  removeFolder(folder);
});

async function allSay(word: string, token: string): Promise<void> {
  for (const backend of backends)
    expect([backend.name, await backend.word(token)]).toEqual([backend.name, word]);
}

async function allSoonSay(word: string, token: string): Promise<void> {
  await Promise.all(backends.map((backend) => eventually(() => backend.word(token), word, bound)));
}

it("a verifier that is started again never accepts what was revoked before", async () => {
  const ada = await SignedIn.signUp(issuer);
  const [token, other] = [await ada.token(), await (await ada.again()).token()];
  await ada.signOut();
  await allSoonSay("revoked", token);
  backends = await Promise.all(backends.map((backend) => backend.restart()));
  const words = await Promise.all(
    backends.map(async (backend) => {
      const seen = new Set<string>();
      // The list is loaded meanwhile: until then it cannot be said.
      while (!seen.has("revoked")) seen.add(await backend.word(token));
      return [...seen].filter((word) => word !== "unavailable");
    }),
  );
  expect(words.flat()).toEqual(backends.map(() => "revoked"));
  await allSoonSay("accepted", other);
});

it("while the issuer is away verifiers go on, and once it is back they learn within 2 s", async () => {
  const ada = await SignedIn.signUp(issuer);
  const elsewhere = await ada.again();
  const [token, kept] = [await ada.token(), await elsewhere.token()];
  await issuer.stop();
  await allSay("accepted", token);
  for (const backend of backends) expect(await backend.readiness()).toBe("fresh");
  issuer = await Issuer.start(issuer.options);
  await ada.at(issuer).signOut();
  await allSoonSay("revoked", token);
  await allSay("accepted", kept);
});

it("an issuer that was killed in the middle of many sign-outs tells of every one that was done", async () => {
  const people: SignedIn[] = [];
  for (let one = 0; one < 20; one += 1) people.push(await SignedIn.signUp(issuer));
  const tokens = await Promise.all(people.map((one) => one.token()));
  const done = people.map((one, index) =>
    one.signOut().then(
      () => index,
      () => undefined,
    ),
  );
  await done[4];
  issuer.process.kill();
  const ended = (await Promise.all(done)).filter((index) => index !== undefined);
  await issuer.process.exit();
  issuer = await Issuer.start(issuer.options);
  expect(ended.length).toBeGreaterThan(0);
  for (const index of ended) await allSoonSay("revoked", tokens[index] ?? "");
  // And nobody signed out who did not: who has a session gets tokens, and these are good.
  for (const [index, one] of people.entries()) {
    const answer = await one.at(issuer).ask("GET", "/token");
    if (answer.status === 200) {
      const { token } = (await answer.json()) as { token: string };
      await allSay("accepted", token);
    } else expect([index, answer.status]).toEqual([index, 401]);
  }
});

describe("a verifier that is started while the issuer is away", () => {
  it("is healthy and not ready, refuses as unavailable, and is ready once the issuer is there", async () => {
    const port = await freePort();
    const address = `http://127.0.0.1:${port}`;
    const waiting = await Promise.all(
      chosenBackends().map((name) => Follower.start(name, { address }, `${folder}/away`, settings)),
    );
    const ada = await SignedIn.signUp(issuer);
    const foreign = await ada.token();
    for (const backend of waiting) {
      expect([backend.name, await backend.readiness()]).toEqual([backend.name, 503]);
      expect(await backend.verdict(foreign)).toMatchObject({ code: "wrong_issuer" });
    }
    const late = await Issuer.start({ database: `${folder}/late.sqlite`, secret, port });
    const token = await (await SignedIn.signUp(late)).token();
    await Promise.all(waiting.map((backend) => eventually(() => backend.word(token), "accepted", bound)));
    for (const backend of waiting) expect(await backend.readiness()).toBe("fresh");
    await Promise.all([late, ...waiting].map((one) => one.stop()));
  });

  it("says when to try again", async () => {
    const ada = await SignedIn.signUp(issuer);
    const token = await ada.token();
    const nowhere = { REVOCATION_FEED_URL: `http://127.0.0.1:${await freePort()}/api/auth/revocations` };
    for (const name of chosenBackends()) {
      const lost = await Follower.start(name, issuer, `${folder}/lost`, { ...settings, ...nowhere });
      expect(await lost.verdict(token)).toEqual({ status: 503, code: "unavailable", retryAfter: "5" });
      expect(lost.process.output).toContain('"event.name":"watchword.feed.failed"');
      await lost.stop();
      const deaf = await Follower.start(name, issuer, `${folder}/deaf`, { ...settings, REVOCATION: "none" });
      expect([await deaf.word(token), await deaf.readiness()]).toEqual(["accepted", "none"]);
      await deaf.stop();
    }
  });
});
