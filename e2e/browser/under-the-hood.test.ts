import axe from "axe-core";
import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";
import type { Person } from "../support/person.ts";
import { openHood, roadInWords } from "./hood.ts";

/** Every way in that needs no waiting and no signing out, with the status, the code and the clause of its refusal. */
const forgeries = [
  ["Send no token", "401", "missing", "CS-1"],
  ["Send two credentials", "400", "ambiguous_credentials", "CS-1"],
  ["Say that no signature is needed", "401", "unsupported_alg", "CS-5"],
  ["Send a session as a token", "401", "wrong_type", "CS-7"],
  ["Use a token that was made for another API", "401", "unknown_key", "CS-8"],
  ["Make yourself an administrator", "401", "bad_signature", "CS-9"],
  ["Live ten years longer", "401", "bad_signature", "CS-9"],
  ["Sign it yourself", "401", "bad_signature", "CS-9"],
] as const;
const trespasses = [
  ["Open another user's URL", "403", "wrong_subject", "CS-19"],
  ["Open another user's row", "404", "not_found", "HTTP rule 3"],
] as const;

/** What differs where the page holds no token: there is nothing to forge. */
const modes = {
  direct: {
    waysIn: [...forgeries, ...trespasses],
    noted: "watchword.token.issued",
    signedOut: /^401\s+revoked[\s\S]*CS-21/,
  },
  proxy: {
    waysIn: trespasses,
    noted: "session cookie",
    signedOut: /^401\s+not_signed_in\s+Refused: Not signed in\./,
  },
} as const;

async function tryIn({ page }: Person, title: string): Promise<string> {
  await page.getByRole("button", { name: `Try it: ${title}`, exact: true }).click();
  const answer = page.getByRole("region", { name: `Answer: ${title}`, exact: true });
  await answer.waitFor();
  return await answer.innerText();
}

describeApplications("under the hood", {}, (stage) => {
  const { waysIn, noted, signedOut } = modes[stage.mode];

  it("lists the requests of other pages too, with the ids under which the servers log them", async () => {
    const ada = await stage.person("Ada");
    const { page, addresses } = ada;
    await ada.signUp();
    const answered = page.waitForResponse(
      (response) => response.url().startsWith(addresses.apiAddress) && response.request().method() === "POST",
    );
    await ada.addTask("Seen later");
    const requestId = (await answered).headers()["x-request-id"] ?? "none";
    expect((await answered).request().headers()["x-request-id"]).toBe(requestId);
    await openHood(ada);
    const requests = page.getByRole("list", { name: "Requests" });
    const posted = requests.getByRole("listitem").filter({ hasText: "POST /api/{user_id}/tasks" });
    expect(await posted.innerText()).toContain(requestId);
    expect(await posted.innerText()).toContain("201");
    expect(await requests.innerText()).toContain(noted);
    await posted.getByRole("button").click();
    await roadInWords(ada).getByText("sends POST /api/{user_id}/tasks").waitFor();
  });

  it("sends every way in for real, and each is refused by the clause that is named", async () => {
    const ada = await stage.person("Ada");
    const { page, addresses } = ada;
    await ada.signUp();
    await openHood(ada);
    const statuses: string[] = [];
    page.on("response", (response) => {
      if (response.url().startsWith(addresses.apiAddress) && response.request().method() === "GET")
        statuses.push(String(response.status()));
    });
    await page.getByRole("button", { name: "Try them all" }).click();
    await page.getByRole("region", { name: "Answer: Open another user's row" }).waitFor();
    for (const [title, status, code, clause] of waysIn) {
      const answer = await page.getByRole("region", { name: `Answer: ${title}`, exact: true }).innerText();
      const [first = "", second = ""] = answer.split(/\n+/);
      expect({ title, status: first, code: second }).toEqual({ title, status, code });
      expect(answer).toContain(`${clause} `);
    }
    expect(statuses).toEqual(waysIn.map(([, status]) => status));
    expect(new URL(page.url()).pathname).toBe("/under-the-hood");
  });

  it("a real row of another user answers like no row, and the exchange is shown without a token", async () => {
    const bob = await stage.person("Bob");
    await bob.signUp();
    const bobId = await bob.userId();
    const made = await bob.askApi(`/api/${bobId}/tasks`, { method: "POST", json: { title: "Bob's" } });
    const row = String((made.body as { id: number }).id);
    const ada = await stage.person("Ada");
    await ada.signUp();
    await openHood(ada);
    await ada.page.getByLabel("Number of the row").fill(row);
    const answer = await tryIn(ada, "Open another user's row");
    expect(answer).toContain("404");
    expect(answer).toContain(`/tasks/${row}`);
    expect(answer).not.toContain("Bob's");
    expect(answer).not.toMatch(/eyJ[A-Za-z0-9_-]{20,}/);
    await ada.page.getByLabel("User id in the address").fill(bobId);
    const refused = await tryIn(ada, "Open another user's URL");
    expect(refused).toContain("403");
    expect(refused).toContain("wrong_subject");
  });

  it("a sign-out is real, and ends the token that was given out before it", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await ada.signUp();
    await openHood(ada);
    const answer = await tryIn(ada, "Go on after signing out");
    expect(answer).toMatch(signedOut);
    expect(await page.getByRole("button", { name: "Send a request" }).isDisabled()).toBe(true);
    await page.getByRole("link", { name: "Sign in again" }).click();
    await page.waitForURL("**/login");
    await page.goto("/tasks");
    expect(new URL(page.url()).pathname).toBe("/login");
  });

  it("works by keyboard at 360 pixels, without motion, and axe finds nothing serious once everything is open", async () => {
    const ada = await stage.person("Ada", {
      viewport: { width: 360, height: 780 },
      reducedMotion: "reduce",
      colorScheme: "dark",
    });
    const { page } = ada;
    await ada.signUp();
    await openHood(ada);
    const [first] = waysIn[0];
    await page.getByRole("button", { name: `Try it: ${first}`, exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: `Answer: ${first}`, exact: true }).waitFor();
    await page.getByRole("button", { name: "Try them all" }).focus();
    await page.keyboard.press("Space");
    await page.getByRole("region", { name: "Answer: Open another user's row" }).waitFor();
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    ).toBe(0);
    await page.evaluate(axe.source);
    const serious = await page.evaluate(async () => {
      const { axe: runner } = globalThis as unknown as { axe: typeof import("axe-core") };
      const { violations } = await runner.run(document, { resultTypes: ["violations"] });
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`);
    });
    expect(serious).toEqual([]);
  });
});
