import type { SignedIn } from "../../support/signed-in.ts";
import { Failure, Run, type Target } from "../run.ts";
import { must, operatorDoes } from "./need.ts";
import { bound, mustSoonBeRevoked, signUp } from "./sessions.ts";

/** An account that takes over the e-mail address and the name of another one is another user: it begins empty and sees nothing. */
export async function newAccountsBeginEmpty(target: Target): Promise<void> {
  const old = new Run(target, {});
  const ben = old.person("ben");
  await old.addTask("ben");
  await old.ask({ who: "ben", path: "/api/v1/users/me", expect: { status: 200, has: { email: ben.email } } });
  await old.ask({
    who: "ben",
    method: "POST",
    path: "/api/{{ben.id}}/chat",
    json: { message: "help" },
    expect: { status: 200 },
  });
  await old.ask({
    who: "ben",
    method: "POST",
    path: "/api/v1/posts",
    json: { title: `Private of ${ben.nonce}`, body: "b", is_private: true },
    expect: { status: 201 },
  });

  const run = new Run(target, { users: { ann: { claims: { email: ben.email, name: ben.name } } } });
  const none = { status: 200, body: { items: [], total: 0, limit: 50, offset: 0 } };
  const nothingOfBen = { without: [ben.nonce.slice(0, 20), ben.id] };
  await run.ask({ who: "ann", path: "/api/{{ann.id}}/tasks", expect: none });
  await run.ask({ who: "ann", path: "/api/{{ann.id}}/conversations", expect: none });
  await run.ask({ who: "ann", path: "/api/v1/posts?limit=100", expect: { status: 200, ...nothingOfBen } });
  await run.ask({
    who: "ann",
    path: "/api/v1/users/me",
    expect: { status: 200, has: { id: "{{ann.id}}", username: null } },
  });
  await run.ask({ who: "ann", path: `/api/${ben.id}/tasks`, expect: { code: "wrong_subject" } });
}

/** Writes a row of every kind as a user of the issuer. */
async function leaveRows(target: Target, { userId }: SignedIn, token: string, mark: string): Promise<void> {
  const run = new Run(target, {});
  const mine = { authorization: `Bearer ${token}`, method: "POST" };
  await run.ask({ ...mine, path: `/api/${userId}/tasks`, json: { title: mark }, expect: { status: 201 } });
  await run.ask({
    ...mine,
    path: `/api/${userId}/chat`,
    json: { message: `add ${mark}` },
    expect: { status: 200 },
  });
  for (const is_private of [true, false])
    await run.ask({
      ...mine,
      path: "/api/v1/posts",
      json: { title: mark, body: mark, is_private },
      expect: { status: 201 },
    });
  await run.ask({
    ...mine,
    method: "PUT",
    path: "/api/v1/users/me",
    json: {
      username: `u${userId
        .toLowerCase()
        .replaceAll(/[^a-z0-9]/g, "")
        .slice(0, 20)}`,
      bio: mark,
    },
    expect: { status: 200 },
  });
}

/** Tables of the API and which column names the owner. */
const owners = {
  tasks: "user_id",
  task_changes: "user_id",
  conversations: "user_id",
  messages: "user_id",
  posts: "user_id",
  profiles: "id",
} as const;

async function rowsOf(target: Target, userId: string): Promise<readonly string[]> {
  const rows = operatorDoes(target, "rows");
  const left: string[] = [];
  for (const [table, column] of Object.entries(owners))
    if ((await rows(table)).some((row) => row[column] === userId)) left.push(table);
  return left;
}

/** With a deleted account go its tokens and its rows; whoever gets its address, or even its id, begins empty. */
export async function deletedAccountsLeaveNothing(target: Target): Promise<void> {
  const [old, other] = [await signUp(target), await signUp(target)];
  const [token, kept] = [await old.token(), await other.token()];
  const mark = `row-of-${old.userId}`;
  await leaveRows(target, old, token, mark);
  await leaveRows(target, other, kept, "row of another");
  const [written, all] = [await rowsOf(target, old.userId), Object.keys(owners)];
  must(written.join() === all.join(), `rows are written in ${written.join()} only`);

  await old.deleteAccount();
  await mustSoonBeRevoked(target, old.userId, token, "the token of a deleted account");
  const since = performance.now();
  for (;;) {
    const left = await rowsOf(target, old.userId);
    if (left.length === 0) break;
    if (performance.now() - since > bound) throw new Failure(`rows of it are left in ${left.join()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  must((await rowsOf(target, other.userId)).join() === all.join(), "rows of another user are gone too");

  const again = await signUp(target, old.email);
  must(again.userId !== old.userId, "the issuer has given the id again");
  await mustSeeNothing(target, { id: again.userId, authorization: `Bearer ${await again.token()}` }, mark);
  await mustSoonBeRevoked(target, old.userId, token, "the token of the account before");
  // As if the issuer had given the id to somebody new, whose tokens are later than what was revoked.
  const recycled = new Run(target, { users: { ann: { id: old.userId, claims: { iat: { $now: 3 } } } } });
  const { id, token: late } = recycled.person("ann");
  await mustSeeNothing(target, { id, authorization: `Bearer ${late}` }, mark);
}

async function mustSeeNothing(
  target: Target,
  { id, authorization }: { readonly id: string; readonly authorization: string },
  mark: string,
): Promise<void> {
  const run = new Run(target, {});
  const none = { status: 200, body: { items: [], total: 0, limit: 50, offset: 0 } };
  await run.ask({ authorization, path: `/api/${id}/tasks`, expect: none });
  await run.ask({ authorization, path: `/api/${id}/conversations`, expect: none });
  await run.ask({
    authorization,
    path: "/api/v1/posts?limit=100",
    expect: { status: 200, without: [mark] },
  });
  await run.ask({
    authorization,
    path: "/api/v1/users/me",
    expect: { status: 200, has: { id, username: null }, without: [mark] },
  });
}
