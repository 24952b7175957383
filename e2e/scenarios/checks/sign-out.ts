import { readFileSync } from "node:fs";
import { EventStream } from "../../support/event-stream.ts";
import { exchange, RawConnection } from "../../support/raw-request.ts";
import type { SignedIn } from "../../support/signed-in.ts";
import { GivenTokens } from "../people.ts";
import { Failure, Run, type Target } from "../run.ts";
import { must, operatorDoes } from "./need.ts";
import { administrator, bound, issuerOf, listed, mustBeGood, mustSoonBeRevoked, signUp } from "./sessions.ts";

interface Operation {
  readonly security?: readonly object[];
}

/** Every operation of the contract that looks at a credential. */
function guardedOperations(): readonly (readonly [method: string, path: string])[] {
  const file = new URL("../../../contract/openapi.json", import.meta.url);
  const { paths } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, { security = [] }]) => security.length > 0)
      .map(([method]) => [method.toUpperCase(), path] as const),
  );
}

/** A user who has signed out, and the token that is left. */
async function signedOut(target: Target): Promise<{ user: SignedIn; token: string }> {
  const user = await signUp(target);
  const token = await user.token();
  await mustBeGood(target, user.userId, token);
  await user.signOut();
  await mustSoonBeRevoked(target, user.userId, token);
  return { user, token };
}

export async function revokedIsRefusedEverywhere(target: Target): Promise<void> {
  const { user, token } = await signedOut(target);
  const run = new Run(target, {});
  for (const [method, path] of guardedOperations())
    await run.ask({
      method,
      path: path.replace("{user_id}", user.userId).replaceAll(/\{\w+\}/g, "1"),
      authorization: `Bearer ${token}`,
      ...(method !== "GET" && method !== "DELETE" && { json: {} }),
      expect: { code: "revoked" },
    });
}

async function opened(target: Target, user: SignedIn, token: string): Promise<EventStream> {
  const stream = await EventStream.open(target.origin, `/api/${user.userId}/tasks/events`, [
    ["Authorization", `Bearer ${token}`],
  ]);
  if (!(stream instanceof EventStream)) throw new Failure(`a stream is answered ${stream.status}`);
  const first = await stream.next(bound);
  must(first?.event === "ready", `a stream begins with ${first?.event}`);
  return stream;
}

export async function streamsEndWithTheSession(target: Target): Promise<void> {
  const user = await signUp(target);
  const elsewhere = await user.again();
  const [token, kept] = [await user.token(), await elsewhere.token()];
  const streams = [await opened(target, user, token), await opened(target, user, kept)] as const;
  try {
    const [ended, open] = streams;
    await user.signOut();
    const last = await ended.next(bound);
    must(
      last?.event === "end" && last.data === '{"reason":"revoked"}',
      `the stream of a session that has ended goes on with ${JSON.stringify(last)}`,
    );
    must((await ended.next(bound)) === undefined, "the stream is not closed");
    await new Run(target, {}).ask({
      method: "POST",
      path: `/api/${user.userId}/tasks`,
      authorization: `Bearer ${kept}`,
      json: { title: "after the sign-out" },
      expect: { status: 201 },
    });
    const next = await open.next(bound);
    must(next?.event === "created", `the stream of the other session goes on with ${next?.event}`);
  } finally {
    for (const stream of streams) stream.close();
  }
}

/** A request whose body is still coming while its asker signs out, and another user is answered. */
export async function slowRequestsSpanSignOut(target: Target): Promise<void> {
  const user = await signUp(target);
  const token = await user.token();
  const run = new Run(target, {});
  await run.addTask("ben");
  const title = `Slow task of ${user.userId}`;
  const body = JSON.stringify({ title });
  const connection = await RawConnection.open(target.origin);
  try {
    connection.send(
      `POST /api/${user.userId}/tasks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    connection.send(body.slice(0, 5));
    await user.signOut();
    await mustSoonBeRevoked(target, user.userId, token);
    await run.ask({ who: "ben", path: "/api/{{ben.id}}/tasks", expect: { status: 200, has: { total: 1 } } });
    connection.send(body.slice(5));
    const answer = await connection.answer();
    must([201, 401].includes(answer.status), `the slow request is answered ${answer.status}`);
    if (answer.status !== 201) return;
    const task = answer.json() as { user_id: string; title: string };
    must(task.user_id === user.userId && task.title === title, "the slow request is answered as another's");
  } finally {
    connection.close();
  }
}

export async function signedOutIsRefused(target: Target): Promise<void> {
  const { user, token } = await signedOut(target);
  const answer = await listed(target, user.userId, token);
  const challenge = answer.header("www-authenticate") ?? "";
  must(answer.status === 401, `a token is answered ${answer.status} once it was refused`);
  must(challenge.includes('error="invalid_token"'), `its challenge is ${challenge}`);
}

export async function oldCookiesGiveNoToken(target: Target): Promise<void> {
  const user = await signUp(target);
  const before = user.at(await issuerOf(target));
  await user.token();
  await user.signOut();
  if (before.holdsCopyOfSession) {
    const session = await (await before.ask("GET", "/get-session")).text();
    must(session.includes(user.userId), "the cookie's own copy of the session is not believed any more");
  }
  const answer = await before.ask("GET", "/token");
  must(answer.status === 401, `the cookies of a session that has ended get ${answer.status} for a token`);
  must(!(await answer.text()).includes("eyJ"), "a token is in the answer");
}

/** What ends every session of a user, done by the user in one of them, or by an administrator. */
const ends: Readonly<Record<string, (user: SignedIn, admin: SignedIn) => Promise<void>>> = {
  "signing out everywhere": (user) => user.endAllSessions(),
  "a change of the password": (user) => user.changePassword(),
  "a ban": ({ userId }, admin) => admin.administer("ban-user", { userId }),
  "the deletion of the account": (user) => user.deleteAccount(),
};

export async function sessionsEndAsTheyShould(target: Target): Promise<void> {
  const first = await signUp(target);
  const second = await first.again();
  const [one, other] = [await first.token(), await second.token()];
  await first.signOut();
  await mustSoonBeRevoked(target, first.userId, one);
  await mustBeGood(target, first.userId, other, "the token of another device");
  await mustBeGood(target, first.userId, await second.token(), "a new token of another device");

  const admin = await administrator(target);
  for (const [what, end] of Object.entries(ends)) {
    const user = await signUp(target);
    const devices = [user, await user.again(), await user.again()];
    const tokens = await Promise.all(devices.map((device) => device.token()));
    for (const token of tokens) await mustBeGood(target, user.userId, token);
    await end(user, admin);
    await Promise.all(
      tokens.map((token) => mustSoonBeRevoked(target, user.userId, token, `after ${what} a token`)),
    );
  }
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Other texts for the same bytes: padding, and other values of the bits that the last character of a segment does not use. */
function respelled(token: string): readonly string[] {
  const segments = token.split(".");
  return segments.flatMap((segment, index) => {
    const spell = (text: string) => segments.toSpliced(index, 1, text).join(".");
    const unused = [0, 0, 4, 2][segment.length % 4] ?? 0;
    const value = alphabet.indexOf(segment.at(-1) ?? "");
    const others = Array.from({ length: 2 ** unused - 1 }, (_, bits) => value ^ (bits + 1));
    return [
      spell(`${segment}=`),
      spell(`${segment}==`),
      ...others.map((other) => spell(segment.slice(0, -1) + alphabet[other])),
    ];
  });
}

/** The order of the group of P-256 (FIPS 186-5): with (r, s) also (r, n − s) is a signature of the same text. */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function otherSignature(token: string): string {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const bytes = Buffer.from(signature, "base64url");
  const s = BigInt(`0x${bytes.subarray(32).toString("hex")}`);
  const other = Buffer.from((order - s).toString(16).padStart(64, "0"), "hex");
  return [header, payload, Buffer.concat([bytes.subarray(0, 32), other]).toString("base64url")].join(".");
}

async function statusOf(target: Target, { userId }: SignedIn, token: string): Promise<number> {
  const headers = [["Authorization", `Bearer ${token}`]] as const;
  return (await exchange(target.origin, { method: "GET", target: `/api/${userId}/tasks`, headers })).status;
}

export async function noSpellingOutlivesSignOut(target: Target): Promise<void> {
  const { user, token } = await signedOut(target);
  for (const text of respelled(token)) {
    const status = await statusOf(target, user, text);
    must(status === 401, `another spelling of a revoked token is answered ${status}`);
  }

  const keyPairs = await operatorDoes(target, "keyPairs")();
  const service: Target = {
    origin: keyPairs.origin,
    tokens: new GivenTokens({}),
    operator: { issuer: async () => keyPairs.issuer },
  };
  const other = await signUp(service);
  const signed = await other.token();
  await mustBeGood(service, other.userId, signed, "a token under a key pair");
  await other.signOut();
  await mustSoonBeRevoked(service, other.userId, signed);
  for (const text of [otherSignature(signed), ...respelled(signed)]) {
    const status = await statusOf(service, other, text);
    must(status === 401, `another spelling of a revoked token under a key pair is answered ${status}`);
  }
}
