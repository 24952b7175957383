import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually, Follower } from "../support/followers.ts";
import { Issuer } from "../support/issuer.ts";
import { SignedIn } from "../support/signed-in.ts";
import { removeFolder, temporaryFolder } from "../support/temporary-folder.ts";
import { type OwnDatabase, ownPostgresDatabase } from "../support/test-postgres.ts";

const bound = 2000;
const secret = randomBytes(32).toString("base64url");
const folder = temporaryFolder("replicas");
let database: OwnDatabase;
let first: Issuer;
let second: Issuer;
let backends: Follower[] = [];

beforeAll(async () => {
  database = await ownPostgresDatabase();
  first = await Issuer.start({ database: database.url, secret });
  second = await Issuer.start({ database: database.url, secret, address: first.address });
  // Each backend follows the replica that the sign-outs do not go to.
  backends = await Follower.startAll(first, folder, {
    BETTER_AUTH_SECRET: secret,
    REVOCATION_FEED_URL: `${second.origin}/api/auth/revocations`,
  });
});
afterAll(async () => {
  await Promise.all([first, second, ...backends].map((one) => one?.stop()));
  await database?.drop();
  removeFolder(folder);
});

it("what one replica ends, verifiers that follow the other refuse within 2 s", async () => {
  for (let round = 0; round < 10; round += 1) {
    const ada = await SignedIn.signUp(first);
    const token = await ada.token();
    for (const backend of backends) expect(await backend.word(token)).toBe("accepted");
    await ada.signOut();
    await Promise.all(backends.map((backend) => eventually(() => backend.word(token), "revoked", bound)));
  }
});

it("what both replicas end at the same time is refused, all of it", async () => {
  const people: SignedIn[] = [];
  for (let one = 0; one < 40; one += 1) people.push(await SignedIn.signUp(one % 2 === 0 ? first : second));
  const tokens = await Promise.all(people.map((one) => one.token()));
  await Promise.all(people.map((one, index) => one.at(index % 3 === 0 ? first : second).signOut()));
  await Promise.all(
    tokens.flatMap((token) =>
      backends.map((backend) => eventually(() => backend.word(token), "revoked", bound)),
    ),
  );
});

it("a session that was begun at one replica gets its token and its end at the other", async () => {
  const ada = await SignedIn.signUp(first);
  const token = await ada.at(second).token();
  for (const backend of backends) expect(await backend.word(token)).toBe("accepted");
  await ada.at(second).signOut();
  await Promise.all(backends.map((backend) => eventually(() => backend.word(token), "revoked", bound)));
  expect((await ada.at(first).ask("GET", "/token")).status).toBe(401);
});
