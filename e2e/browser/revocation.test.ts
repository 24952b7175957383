import { expect, it } from "vitest";
import { describeApplications, type Stage } from "../support/browser-suite.ts";
import type { Person } from "../support/person.ts";

/** Goes on with all that a page of the browser has now, and says how that is answered. */
type GoOn = () => Promise<string>;

/** The token, as the page of another tab holds it in its memory. */
async function withTheToken({ context }: Person, { addresses }: Stage, userId: string): Promise<GoOn> {
  const other = await context.newPage();
  await other.goto("/tasks");
  const token = await other.evaluate(async () => {
    const answer = await fetch("/api/auth/token");
    return ((await answer.json()) as { token: string }).token;
  });
  const call = { url: `${addresses.apiOrigin}/api/${userId}/tasks`, authorization: `Bearer ${token}` };
  return () =>
    other.evaluate(async ({ url, authorization }) => {
      const answer = await fetch(url, { headers: { Authorization: authorization } });
      const { code } = (await answer.json()) as { code?: string };
      return `${answer.status} ${code ?? "accepted"}`;
    }, call);
}

/** The session's cookies, which the browser itself has no more once it is signed out. */
async function withTheCookies({ context }: Person, { addresses }: Stage, userId: string): Promise<GoOn> {
  const cookies = await context.cookies();
  const Cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  return async () => {
    const answer = await fetch(`${addresses.apiAddress}/api/${userId}/tasks`, {
      headers: { Cookie, "X-Watchword": "1" },
    });
    const { code } = (await answer.json()) as { code?: string };
    return `${answer.status} ${code ?? "accepted"}`;
  };
}

const modes = {
  direct: { have: withTheToken, refusal: "401 revoked" },
  proxy: { have: withTheCookies, refusal: "401 not_signed_in" },
} as const;

describeApplications("a sign-out ends what other tabs may do", { smoke: true }, (stage) => {
  it("the next call of another tab is refused within 2 s, although what it carries has not expired", async () => {
    const ada = await stage.person("Ada");
    await ada.signUp();
    const { have, refusal } = modes[stage.mode];
    const goOn = await have(ada, stage, await ada.userId());
    expect(await goOn()).toBe("200 accepted");
    await ada.signOut();
    const start = performance.now();
    let said = await goOn();
    while (said !== refusal && performance.now() - start < 2000) said = await goOn();
    expect(said).toBe(refusal);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
