import { Run, type Target } from "../run.ts";

/**
 * An account that takes over the e-mail address and the name of another one is another user: it begins empty and sees nothing.
 *
 * What the issuer says of deleted accounts and ended sessions reaches the service by its revocation feed. Where the operator
 * can delete an account (`deleteAccount`, which belongs beside `issuer` in operator.ts once the feed is there), this is the
 * place to prove that the old token is then 401, and that a new user under the same id finds no row of the old one.
 */
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
