import { exchange } from "../../support/raw-request.ts";
import { Run, type Target } from "../run.ts";
import { must } from "./need.ts";

/** More than any service should allow one address in a minute. */
const tries = 1000;

/** A service of its own where the operator has one, so that the run itself is not held up afterwards. */
async function bounded(target: Target): Promise<Target> {
  return target.operator?.narrow ? { ...target, origin: await target.operator.narrow() } : target;
}

async function fail(target: Target, path: string, index: number) {
  const address = `10.0.${Math.floor(index / 100)}.${index % 100}`;
  return await exchange(target.origin, {
    method: "GET",
    target: path,
    headers: [
      ["Authorization", "Bearer x.y.z"],
      ["X-Forwarded-For", address],
      ["Forwarded", `for=${address}`],
    ],
  });
}

export async function failuresAreBounded(target: Target): Promise<void> {
  const service = await bounded(target);
  const run = new Run(service, {});
  const { id, token } = run.person("ann");
  let refused = 0;
  for (let index = 0; index < tries; index += 20) {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, more) => fail(service, `/api/${id}/tasks`, index + more)),
    );
    for (const answer of answers) {
      must(answer.status === 401 || answer.status === 429, `a bad token is answered ${answer.status}`);
      if (answer.status !== 429) continue;
      refused += 1;
      const seconds = Number(answer.header("retry-after"));
      must(
        Number.isInteger(seconds) && seconds >= 1 && seconds <= 60,
        "a 429 does not say when to try again",
      );
    }
  }
  must(refused > 0, `${tries} bad tokens within a minute are all looked at`);
  const good = await exchange(service.origin, {
    method: "GET",
    target: `/api/${id}/tasks`,
    headers: [["Authorization", `Bearer ${token}`]],
  });
  must(good.status === 200, `a good token from the same address is answered ${good.status}`);
}

export async function noCountsAreTold(target: Target): Promise<void> {
  const service = await bounded(target);
  const { id } = new Run(service, {}).person("ann");
  for (let index = 0; index < 5; index++) {
    const answer = await fail(service, `/api/${id}/tasks`, index);
    const told = answer.headers.find(([name]) => /ratelimit|rate-limit/i.test(name));
    must(told === undefined, `${told?.[0]} is told`);
  }
}
