import { type Answer, RawConnection, requestBytes } from "../../support/raw-request.ts";
import type { Person } from "../people.ts";
import { Failure, Run, type Target } from "../run.ts";
import type { Ask } from "../scenario.ts";
import { differences } from "../values.ts";
import { must } from "./need.ts";

interface TaskList {
  readonly items: readonly { readonly user_id: string; readonly title: string }[];
}

/** The request for a user's own list, as bytes for a connection that is shared. */
function listRequest(target: Target, { id, token }: Person): Buffer {
  return requestBytes({
    method: "GET",
    target: `/api/${id}/tasks`,
    headers: [
      ["Host", new URL(target.origin).host],
      ["Authorization", `Bearer ${token}`],
    ],
  });
}

function mustBeOwn(text: string, { id, nonce }: Person): void {
  const { items } = JSON.parse(text) as TaskList;
  must(
    items.length > 0 && items.every((task) => task.user_id === id && task.title.includes(nonce)),
    `an answer is not its asker's: ${text.slice(0, 200)}`,
  );
}

/** Two users with a task each. */
async function twoUsers(target: Target): Promise<{ run: Run; users: readonly [Person, Person] }> {
  const run = new Run(target, {});
  for (const name of ["ann", "ben"]) await run.addTask(name);
  return { run, users: [run.person("ann"), run.person("ben")] };
}

/** How often a request is sent again that found the one connection taken for too long. */
const furtherTries = 5;

/** A machine that is busy may be too slow for everyone to get the connection in time: a 503 says when to ask again. */
async function patiently(run: Run, { expect, ...step }: Ask): Promise<Answer> {
  for (let tries = 0; tries < furtherTries; tries++) {
    const statuses = [expect.status ?? 200, 503].flat();
    const answer = await run.ask({ ...step, expect: { status: statuses } });
    if (answer.status !== 503) {
      const faults = expect.has === undefined ? [] : differences(answer.json(), expect.has, true);
      must(faults.length === 0, faults.join("; "));
      return answer;
    }
    await new Promise((resolve) => setTimeout(resolve, Number(answer.header("retry-after")) * 1000));
  }
  return await run.ask({ ...step, expect });
}

export async function answersBelongToTheirAskers(target: Target): Promise<void> {
  const narrow = target.operator?.narrow ? { ...target, origin: await target.operator.narrow() } : target;
  const { run, users } = await twoUsers(narrow);
  const askers = Array.from({ length: 200 }, (_, index) => users[index % 2 === 0 ? 0 : 1]);
  await Promise.all(
    askers.map(async (user, index) => {
      const name = user === users[0] ? "ann" : "ben";
      const path = `/api/{{${name}.id}}/tasks`;
      if (index % 8 < 4) {
        const answer = await patiently(run, { who: name, path, expect: { status: 200 } });
        mustBeOwn(answer.text, user);
      } else if (index % 8 < 6)
        await patiently(run, {
          who: name,
          path: "/api/v1/users/me",
          expect: { status: 200, has: { id: user.id, email: user.email } },
        });
      else
        await patiently(run, {
          who: name,
          method: "POST",
          path,
          json: { title: `Task of ${user.nonce}` },
          expect: { status: 201, has: { user_id: user.id } },
        });
    }),
  );
  for (const name of ["ann", "ben"])
    await run.ask({
      who: name,
      path: `/api/{{${name}.id}}/tasks`,
      expect: { status: 200, has: { total: 26 } },
    });
}

export async function decidesAnew(target: Target): Promise<void> {
  const { users } = await twoUsers(target);
  const [ann, ben] = users;
  const connection = await RawConnection.open(target.origin);
  try {
    const ask = async (token: string | undefined): Promise<number> => {
      connection.send(
        requestBytes({
          method: "GET",
          target: `/api/${ann.id}/tasks`,
          headers: [
            ["Host", new URL(target.origin).host],
            ...(token === undefined ? [] : [["Authorization", `Bearer ${token}`] as const]),
          ],
        }),
      );
      const answer = await connection.answer();
      if (answer.status === 200) mustBeOwn(answer.text, ann);
      return answer.status;
    };
    for (let round = 0; round < 5; round++) {
      const statuses = [
        await ask(ann.token),
        await ask(ben.token),
        await ask(undefined),
        await ask(ann.token),
      ];
      must(statuses.join() === "200,403,401,200", `one URL is answered ${statuses.join()}`);
    }
  } finally {
    connection.close();
  }
}

export async function pipelinedRequestsDoNotMix(target: Target): Promise<void> {
  const { users } = await twoUsers(target);
  const connection = await RawConnection.open(target.origin);
  try {
    const askers = Array.from({ length: 40 }, (_, index) => users[index % 3 === 0 ? 0 : 1]);
    connection.send(Buffer.concat(askers.map((user) => listRequest(target, user))));
    for (const user of askers) {
      const answer = await connection.answer();
      must(answer.status === 200, `a pipelined request is answered ${answer.status}`);
      mustBeOwn(answer.text, user);
    }
  } finally {
    connection.close();
  }
}

export async function abortedRequestsLeaveNothing(target: Target): Promise<void> {
  const narrow = target.operator?.narrow ? { ...target, origin: await target.operator.narrow() } : target;
  const { run, users } = await twoUsers(narrow);
  const [ann, ben] = users;
  const half = `POST /api/${ann.id}/tasks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ann.token}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"title":"half"`;
  for (let count = 0; count < 30; count++) {
    const connection = await RawConnection.open(narrow.origin);
    connection.send(count % 2 === 0 ? listRequest(narrow, ann) : half);
    connection.close();
    const answer = await run.ask({
      who: "ben",
      path: "/api/{{ben.id}}/tasks",
      expect: { status: 200, has: { total: 1 } },
    });
    mustBeOwn(answer.text, ben);
  }
  await run.ask({ who: "ann", path: "/api/{{ann.id}}/tasks", expect: { status: 200, has: { total: 1 } } });
}

/** A request of one user whose body comes slowly, while another user is answered in between. Its answer is its asker's own. */
export async function slowRequestsStayTheirOwn(target: Target): Promise<void> {
  const { run, users } = await twoUsers(target);
  const [ann] = users;
  const body = JSON.stringify({ title: `Slow task of ${ann.nonce}` });
  const connection = await RawConnection.open(target.origin);
  try {
    connection.send(
      `POST /api/${ann.id}/tasks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ann.token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    for (const byte of body.slice(0, -1)) {
      connection.send(byte);
      if (byte === " ")
        await run.ask({
          who: "ben",
          path: "/api/{{ben.id}}/tasks",
          expect: { status: 200, has: { total: 1 } },
        });
    }
    connection.send(body.slice(-1));
    const answer = await connection.answer();
    if (answer.status !== 201 && answer.status !== 401)
      throw new Failure(`the slow request is answered ${answer.status}`);
    if (answer.status === 201) {
      const task = answer.json() as { user_id: string; title: string };
      must(
        task.user_id === ann.id && task.title.includes(ann.nonce),
        "the slow request is answered as another's",
      );
    }
  } finally {
    connection.close();
  }
}
