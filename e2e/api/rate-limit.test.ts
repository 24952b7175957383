import { beforeAll, expect, it } from "vitest";
import { tasksOf, type User } from "../support/api-caller.ts";
import { listedOrigin } from "../support/backend.ts";
import { expectRefusal } from "../support/conformance.ts";
import { describeOwnBackends } from "../support/own-backends.ts";

const bound = 20;

describeOwnBackends("failed credentials are counted per address and minute", (own) => {
  let user: User;
  const fail = (value: string, ...more: readonly (readonly [string, string])[]) =>
    own().api.ask("GET", tasksOf(user), { headers: [["Authorization", value], ...more] });

  beforeAll(async () => {
    const api = await own().start({ AUTH_FAILURES_PER_MINUTE: String(bound) });
    user = api.user();
  });

  it("a request without a credential, or with another scheme, does not count", async () => {
    for (let count = 0; count < 2 * bound; count++) {
      expectRefusal(await own().api.ask("GET", tasksOf(user)), "missing");
      expectRefusal(await fail("Basic dXNlcjpwYXNz"), "missing");
    }
  });

  it("a good token on another user's URL does not count", async () => {
    for (let count = 0; count < 2 * bound; count++)
      expectRefusal(
        await own().api.ask("GET", "/api/somebody/tasks", { token: user.token }),
        "wrong_subject",
      );
  });

  it("past the bound a failure is 429 with Retry-After, whatever is wrong with the credential", async () => {
    for (let count = 0; count < bound; count++) expect((await fail("Bearer x.y.z")).status).toBe(401);
    const refused = await fail("Bearer x.y.z");
    expectRefusal(refused, "rate_limited");
    const seconds = Number(refused.header("retry-after"));
    expect(Number.isInteger(seconds) && seconds >= 1 && seconds <= 60).toBe(true);
    expect(refused.header("www-authenticate")).toBeUndefined();
    for (const value of ["Bearer", "Bearer a.b", "Bearer x, Bearer y"])
      expectRefusal(await fail(value), "rate_limited");
  });

  it("a header that names another address does not lift it", async () => {
    for (let count = 0; count < bound; count++) {
      const address = `10.0.0.${count}`;
      const answer = await fail(
        "Bearer x.y.z",
        ["X-Forwarded-For", address],
        ["Forwarded", `for=${address}`],
        ["X-Real-IP", address],
      );
      expectRefusal(answer, "rate_limited");
    }
  });

  it("a good token passes all the same, and no credential is still told what is missing", async () => {
    expect((await own().api.ask("GET", tasksOf(user), { token: user.token })).status).toBe(200);
    expectRefusal(await own().api.ask("GET", tasksOf(user)), "missing");
    expect((await own().api.ask("GET", "/health")).status).toBe(200);
  });

  it("a page of a listed origin can read the 429", async () => {
    const answer = await fail("Bearer x.y.z", ["Origin", listedOrigin]);
    expect({ status: answer.status, origin: answer.header("access-control-allow-origin") }).toEqual({
      status: 429,
      origin: listedOrigin,
    });
  });
});
