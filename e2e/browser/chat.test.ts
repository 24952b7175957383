import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";
import type { Person } from "../support/person.ts";

/** Says something and waits for the answer's status. */
async function say(person: Person, message: string): Promise<number> {
  const answered = person.apiAnswer("POST");
  await person.page.getByRole("textbox", { name: "Message" }).fill(message);
  await person.page.keyboard.press("Enter");
  return await answered;
}

describeApplications("the assistant", {}, (stage) => {
  it("changes the user's own tasks, and the conversation is found again", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await ada.signUp();
    await page.getByRole("link", { name: "Chat" }).click();
    const log = page.getByRole("log", { name: "Messages" });
    expect(await say(ada, "add buy bread")).toBe(200);
    await log.getByText(/Added.*buy bread/).waitFor();
    expect(await say(ada, "what is open?")).toBe(200);
    await log.getByText(/open/i).nth(1).waitFor();
    await page.waitForURL(/\/chat\?conversation=\d+$/);

    await page.reload();
    await log.getByText(/Added.*buy bread/).waitFor();
    await page.getByRole("link", { name: "Tasks" }).click();
    await ada.task("buy bread").waitFor();
    expect(await ada.titles()).toEqual(["buy bread"]);
  });

  it("begins another conversation, and forgets one that is deleted", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await ada.signUp();
    await page.goto("/chat");
    expect(await say(ada, "help")).toBe(200);
    const conversations = page.getByRole("navigation", { name: "Conversations" });
    await conversations.getByRole("button", { name: /^help/ }).waitFor();
    await page.getByRole("button", { name: "New conversation" }).click();
    await page.getByText("Try one of these").waitFor();
    expect(await say(ada, "summary")).toBe(200);
    await conversations.getByRole("button", { name: /^summary/ }).waitFor();
    const deleted = ada.apiAnswer("DELETE");
    await conversations.getByRole("button", { name: 'Delete the conversation "help"' }).click();
    expect(await deleted).toBe(204);
    await conversations.getByRole("button", { name: /^help/ }).waitFor({ state: "detached" });
  });

  it("tells of a failure, and says it again on request, however late", async () => {
    const ada = await stage.person("Ada");
    const { page, addresses } = ada;
    await ada.signUp();
    await page.clock.install();
    await page.goto("/chat");
    await page.route(`${addresses.apiAddress}/**/chat`, (route) => route.abort());
    await page.getByRole("textbox", { name: "Message" }).fill("help");
    await page.keyboard.press("Enter");
    await page.getByText("There is no answer").waitFor();
    // What was said is nowhere else.
    await page.clock.fastForward("05:00");
    expect(await page.getByText("There is no answer").count()).toBe(1);
    await page.unroute(`${addresses.apiAddress}/**/chat`);
    const answered = ada.apiAnswer("POST");
    await page.getByRole("button", { name: "Try again" }).click();
    expect(await answered).toBe(200);
  });
});
