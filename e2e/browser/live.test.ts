import { expect, it } from "vitest";
import { describeApplications, type Stage } from "../support/browser-suite.ts";
import { type Person, password } from "../support/person.ts";

/** Waits until the page follows the stream of changes. */
const following = ({ page }: Person) =>
  page.waitForResponse((answer) => answer.url().endsWith("/tasks/events") && answer.ok());

/** The same user on another device. */
async function onAnotherDevice(stage: Stage, person: Person): Promise<Person> {
  const other = await stage.person(person.name);
  await other.signInAs(person);
  return other;
}

describeApplications("changes from elsewhere", { smoke: true }, (stage) => {
  it("are seen on the user's other device within a second, and on nobody else's", async () => {
    const ada = await stage.person("Ada");
    await ada.signUp();
    const ben = await stage.person("Ben");
    await ben.signUp();
    const other = await onAnotherDevice(stage, ada);
    const follows = following(other);
    await other.page.reload();
    await follows;
    await other.page.getByText("No tasks yet").waitFor();

    await ada.addTask("From the first device");
    const begin = performance.now();
    await other.task("From the first device").waitFor();
    expect(performance.now() - begin).toBeLessThan(1000);

    const completed = ada.apiAnswer("PATCH");
    await ada.page.getByRole("checkbox", { name: 'Complete "From the first device"' }).click();
    await completed;
    await other.page.getByRole("checkbox", { name: 'Reopen "From the first device"' }).waitFor();

    await other.page.getByRole("button", { name: 'Delete "From the first device"' }).click();
    await ada.task("From the first device").waitFor({ state: "detached" });
    expect(await ben.page.getByText("From the first device").count()).toBe(0);
    await ben.page.getByText("No tasks yet").waitFor();
  });
});

describeApplications("changes from elsewhere", {}, (stage) => {
  it("that were missed without a connection are seen when it is back", async () => {
    const ada = await stage.person("Ada");
    await ada.signUp();
    const other = await onAnotherDevice(stage, ada);
    await other.page.getByText("No tasks yet").waitFor();
    await other.context.setOffline(true);
    await ada.addTask("Meanwhile");
    expect(await other.task("Meanwhile").count()).toBe(0);
    await other.context.setOffline(false);
    await other.task("Meanwhile").waitFor({ timeout: 20_000 });
  });
});

describeApplications("several tabs of one browser", {}, (stage) => {
  it("are all emptied when one signs out", async () => {
    const ada = await stage.person("Ada");
    await ada.signUp();
    await ada.addTask("Seen in both");
    const second = await ada.context.newPage();
    await second.goto("/tasks");
    await second.getByRole("checkbox", { name: 'Complete "Seen in both"' }).waitFor();
    await ada.signOut();
    await second.waitForURL("**/login?**");
    expect(await second.getByText("Seen in both").count()).toBe(0);
  });

  it("show the new user in all when another signs in, who gets nothing under the former's address", async () => {
    const ada = await stage.person("Ada");
    await ada.signUp();
    const adasId = await ada.userId();
    await ada.addTask("A secret of Ada");
    const second = await ada.context.newPage();
    await second.goto("/tasks");
    await second.getByRole("checkbox", { name: 'Complete "A secret of Ada"' }).waitFor();

    // Without a word to the other tab: its next token is another user's.
    const ben = `ben-${ada.email}`;
    await ada.context.clearCookies();
    const signUp = await ada.context.request.post("/api/auth/sign-up/email", {
      headers: { origin: stage.addresses.webOrigin },
      data: { name: "Ben", email: ben, password },
    });
    expect(signUp.status()).toBe(200);
    const mixed: string[] = [];
    if (stage.mode === "direct")
      second.on("request", (request) => {
        const token = request.headers()["authorization"]?.split(" ")[1];
        if (!token || !request.url().includes(adasId)) return;
        const claims = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
        if ((JSON.parse(claims) as { sub: string }).sub !== adasId) mixed.push(request.url());
      });
    // The token is added on the way: what counts is whether anything is answered.
    else
      second.on("response", (answer) => {
        if (answer.url().includes(adasId) && answer.ok()) mixed.push(answer.url());
      });
    await second.reload();
    await second.getByText("No tasks yet").waitFor();
    expect(await second.getByText("A secret of Ada").count()).toBe(0);

    // The second tab told the first for whom it was opened: that one loads again by itself, and must not be disturbed.
    await ada.page.getByRole("button", { name: "Ben", exact: true }).waitFor();
    await ada.page.getByText("No tasks yet").waitFor();
    expect(await ada.page.getByText("A secret of Ada").count()).toBe(0);
    expect(mixed).toEqual([]);
  });
});
