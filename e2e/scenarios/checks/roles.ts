import { exchange } from "../../support/raw-request.ts";
import { Run, type Target } from "../run.ts";
import type { Ask } from "../scenario.ts";
import { must, operatorDoes } from "./need.ts";
import { administrator, bound, mustSoonBeRevoked, signUp } from "./sessions.ts";

const administration = "/api/v1/admin/users";

export async function rolesEndInTime(target: Target): Promise<void> {
  const admin = await administrator(target);
  const user = await signUp(target);
  const { userId } = user;
  const setRole = (role: string) => admin.administer("set-role", { userId, role });
  const run = new Run(target, { shared: true });
  const administer = (token: string, status: number) =>
    run.ask({ path: administration, authorization: `Bearer ${token}`, expect: { status } });

  const ordinary = await user.token();
  await administer(ordinary, 403);
  await setRole("admin");
  await mustSoonBeRevoked(target, userId, ordinary, "the token from before the new role");
  const raised = await user.token();
  await administer(raised, 200);
  await setRole("user");
  await mustSoonBeRevoked(target, userId, raised, "the token with the role that was taken away");
  await administer(raised, 401);

  const lowered = await user.token();
  const asks: readonly Omit<Ask, "expect">[] = [
    { path: administration },
    { path: `${administration}?role=admin&roles=admin&scope=admin` },
    { path: administration, headers: { Role: "admin", Roles: "admin", Scope: "admin", "X-Role": "admin" } },
    { path: administration, json: { role: "admin", roles: ["admin"], scope: "admin" } },
  ];
  for (const ask of asks)
    await run.ask({ ...ask, authorization: `Bearer ${lowered}`, expect: { code: "insufficient_scope" } });
}

/** A route that needs a scope: the API itself declares none, so it is a service beside it, with the same verifier. */
export async function scopesAreNeeded(target: Target): Promise<void> {
  const origin = await operatorDoes(target, "scoped")();
  const { tokens } = target;
  const ann = new Run(target, {}).person("ann");
  const remove = async (scope: string | undefined) => {
    const token = tokens.token(ann, scope === undefined ? {} : { claims: { scope } });
    const headers = [["Authorization", `Bearer ${token}`]] as const;
    return await exchange(origin, { method: "DELETE", target: "/", headers });
  };
  for (const scope of ["tasks:read", "tasks:write:own", "Tasks:write", undefined]) {
    const answer = await remove(scope);
    must(answer.status === 403, `a DELETE with the scope ${scope} is answered ${answer.status}`);
    const challenge = answer.header("www-authenticate") ?? "";
    must(
      challenge.startsWith('Bearer error="insufficient_scope"') && challenge.includes('scope="tasks:write"'),
      `the challenge is ${challenge}`,
    );
  }
  const granted = await remove("tasks:read tasks:write");
  must(granted.status === 200, `a DELETE with the scope is answered ${granted.status}`);
}

export async function administratorsAreNoOwners(target: Target): Promise<void> {
  const run = new Run(target, { users: { ann: { claims: { role: "admin" } } }, shared: true });
  const task = (await run.addTask("ben")) as { id: number };
  const closed: readonly Omit<Ask, "expect">[] = [
    { path: "/api/{{ben.id}}/tasks" },
    { path: `/api/{{ben.id}}/tasks/${task.id}` },
    { method: "DELETE", path: `/api/{{ben.id}}/tasks/${task.id}` },
    { path: "/api/{{ben.id}}/tasks/events" },
    { path: "/api/{{ben.id}}/conversations" },
    { method: "POST", path: "/api/{{ben.id}}/chat", json: { message: "list" } },
  ];
  for (const ask of closed) await run.ask({ who: "ann", ...ask, expect: { code: "wrong_subject" } });
  await run.ask({ who: "ann", path: `/api/{{ann.id}}/tasks/${task.id}`, expect: { code: "not_found" } });

  // The one route that declares the role tells who used it.
  await run.ask({ who: "ann", path: administration, expect: { status: 200 } });
  const { id } = run.person("ann");
  const log = operatorDoes(target, "log");
  const recorded = () =>
    log()
      .split("\n")
      .some((line) => line.includes("watchword.admin.read") && line.includes(id));
  const since = performance.now();
  while (!recorded()) {
    must(performance.now() - since < bound, "no line of the log tells who read what belongs to all");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Reading posts needs no credential; one that is not good is refused all the same. */
export async function optionalRoutesRefuseRevoked(target: Target): Promise<void> {
  const user = await signUp(target);
  const token = await user.token();
  const run = new Run(target, { shared: true });
  const authorization = `Bearer ${token}`;
  const titles = { private: `private ${user.userId}`, public: `public ${user.userId}` };
  const ids: number[] = [];
  for (const [kind, title] of Object.entries(titles)) {
    const json = { title, body: "b", is_private: kind === "private" };
    const made = await run.ask({
      method: "POST",
      path: "/api/v1/posts",
      authorization,
      json,
      expect: { status: 201 },
    });
    ids.push((made.json() as { id: number }).id);
  }
  const list = "/api/v1/posts?limit=100";
  const seen = async (given: Partial<Ask>) => {
    const { text } = await run.ask({ path: list, ...given, expect: { status: 200 } });
    return Object.values(titles).map((title) => text.includes(title));
  };
  must((await seen({})).join() === "false,true", "without a credential the list is not the public one");
  must((await seen({ authorization })).join() === "true,true", "the owner's list is not the own one");
  await user.signOut();
  await mustSoonBeRevoked(target, user.userId, token);
  const expired = { claims: { iat: { $now: -600 }, exp: { $now: -300 } } } as const;
  for (const path of [list, ...ids.map((id) => `/api/v1/posts/${id}`)]) {
    await run.ask({ path, authorization, expect: { code: "revoked", without: Object.values(titles) } });
    await run.ask({ path, who: "ann", token: expired, expect: { code: "expired" } });
    await run.ask({ path, authorization: "Bearer x.y.z", expect: { status: 401 } });
  }
}
