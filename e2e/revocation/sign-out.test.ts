import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mintToken } from "watchword/testing";
import { eventually, Follower } from "../support/followers.ts";
import { Issuer, issuerAudience } from "../support/issuer.ts";
import { secretsIn } from "../support/log-secrets.ts";
import { SignedIn } from "../support/signed-in.ts";
import { removeFolder, temporaryFolder } from "../support/temporary-folder.ts";

/** From the end of a session to the refusal of its token, in milliseconds. */
const bound = 2000;

const secret = randomBytes(32).toString("base64url");
const folder = temporaryFolder("revocation");
let issuer: Issuer;
let backends: Follower[];

beforeAll(async () => {
  issuer = await Issuer.start({ database: `${folder}/auth.sqlite`, secret });
  backends = await Follower.startAll(issuer, folder, { BETTER_AUTH_SECRET: secret });
});
afterAll(async () => {
  await Promise.all([issuer, ...backends].map((one) => one?.stop()));
  removeFolder(folder);
});

/** Every backend accepts the token. */
async function accepted(token: string): Promise<void> {
  for (const backend of backends)
    expect([backend.name, await backend.word(token)]).toEqual([backend.name, "accepted"]);
}

/** Every backend refuses the token in time. */
async function revokedInTime(token: string): Promise<void> {
  await Promise.all(backends.map((backend) => eventually(() => backend.word(token), "revoked", bound)));
}

describe("the token of a session that has ended is refused within 2 s on every backend", () => {
  it("after a sign-out, and no other token", async () => {
    const ada = await SignedIn.signUp(issuer);
    const elsewhere = await ada.again();
    const bob = await SignedIn.signUp(issuer);
    const [token, kept, other] = [await ada.token(), await elsewhere.token(), await bob.token()];
    for (const one of [token, kept, other]) await accepted(one);
    await ada.signOut();
    await revokedInTime(token);
    await accepted(kept);
    await accepted(other);
  });

  it("ten times in a row, each time in time", async () => {
    for (let round = 0; round < 10; round += 1) {
      const ada = await SignedIn.signUp(issuer);
      const token = await ada.token();
      await accepted(token);
      await ada.signOut();
      await revokedInTime(token);
    }
  });

  it("after the other sessions were ended from one of them", async () => {
    const ada = await SignedIn.signUp(issuer);
    const elsewhere = await ada.again();
    const [own, other] = [await ada.token(), await elsewhere.token()];
    await accepted(other);
    await ada.endOtherSessions();
    await revokedInTime(other);
    await accepted(own);
  });

  it("after a password change, and the new token is good at once", async () => {
    const ada = await SignedIn.signUp(issuer);
    const elsewhere = await ada.again();
    const token = await elsewhere.token();
    await accepted(token);
    await ada.changePassword();
    await revokedInTime(token);
    await accepted(await ada.token());
  });

  it("after the account was deleted, and its rows are gone", async () => {
    const ada = await SignedIn.signUp(issuer);
    const bob = await SignedIn.signUp(issuer);
    const token = await ada.token();
    for (const { origin } of backends)
      for (const [who, shown] of [
        [ada, token],
        [bob, await bob.token()],
      ] as const)
        await fetch(`${origin}/api/${who.userId}/tasks`, {
          method: "POST",
          headers: { Authorization: `Bearer ${shown}`, "Content-Type": "application/json" },
          body: JSON.stringify({ title: "mine" }),
        });
    await ada.deleteAccount();
    await revokedInTime(token);
    // A later token of the same id, which nobody could get: it shows what is left.
    const later = (sub: string) =>
      mintToken({
        iss: issuer.address,
        aud: issuerAudience,
        secret,
        sub,
        iat: Math.floor(Date.now() / 1000) + 4,
      });
    const total = async (backend: Follower, who: SignedIn) => {
      const answer = await fetch(`${backend.origin}/api/${who.userId}/tasks`, {
        headers: { Authorization: `Bearer ${later(who.userId)}` },
      });
      return ((await answer.json()) as { total?: number }).total;
    };
    for (const backend of backends) {
      await eventually(() => total(backend, ada), 0, bound);
      expect(await total(backend, bob)).toBe(1);
    }
  });

  it("while 60 sessions end at once", async () => {
    const ada = await SignedIn.signUp(issuer);
    const tokens: string[] = [];
    for (let one = 0; one < 60; one += 1) tokens.push(await (await ada.again()).token());
    await ada.ask("POST", "/revoke-sessions", {});
    await Promise.all(tokens.map(revokedInTime));
  }, 120_000);
});

it("the feed opens to verifiers alone", async () => {
  const ada = await SignedIn.signUp(issuer);
  const ask = async (headers: Record<string, string>) => {
    const answer = await fetch(`${issuer.origin}/api/auth/revocations`, { headers });
    return [answer.status, answer.headers.get("cache-control"), (await answer.text()).includes("entries")];
  };
  const closed = [401, "no-store", false];
  expect(await ask({})).toEqual(closed);
  expect(await ask({ Authorization: `Bearer ${await ada.token()}` })).toEqual(closed);
  expect(await ask({ Authorization: `Bearer ${secret}` })).toEqual(closed);
  expect((await ada.ask("GET", "/revocations")).status).toBe(401);
});

it("nobody wrote a token or a secret into a log", () => {
  const written = [issuer, ...backends].flatMap(({ process }) =>
    secretsIn(process.output, { secrets: [secret] }),
  );
  expect(written).toEqual([]);
});
