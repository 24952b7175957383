import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";
import { password } from "../support/person.ts";
import { clickTwice, gaps, watchCalls } from "./double-click.ts";

describeApplications("a form that is sent twice", { once: true }, (stage) => {
  it.each(gaps)(
    "within %i ms adds one task and scolds nobody, and one that is sent empty later is told so",
    async (gap) => {
      const ada = await stage.person("Ada");
      const { page } = ada;
      await ada.signUp();
      const { sent } = watchCalls(ada);
      const saved = ada.apiAnswer("POST");
      await ada.newTask.fill("Buy milk");
      await clickTwice(page, page.getByRole("button", { name: "Add task" }), gap);
      expect(await saved).toBe(201);
      await ada.task("Buy milk").waitFor();
      expect(sent("POST")).toBe(1);
      expect(await ada.titles()).toEqual(["Buy milk"]);
      expect(await page.locator("#new-task-error").innerText()).toBe("");
      expect(await ada.newTask.evaluate((field) => field === document.activeElement)).toBe(true);
      await page.waitForTimeout(1100);
      await page.getByRole("button", { name: "Add task" }).click();
      await page.getByText("Write what is to be done.").waitFor();
    },
  );

  it("by a key that is held down adds one task and scolds nobody", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await ada.signUp();
    const { sent } = watchCalls(ada);
    await ada.newTask.fill("Buy milk");
    const saved = ada.apiAnswer("POST");
    for (let time = 0; time < 5; time += 1) await page.keyboard.down("Enter");
    await page.keyboard.up("Enter");
    expect(await saved).toBe(201);
    expect(sent("POST")).toBe(1);
    expect(await page.locator("#new-task-error").innerText()).toBe("");
  });

  it("with a new password changes it once and scolds nobody", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await ada.signUp();
    await page.goto("/account");
    await page.getByLabel("Current password", { exact: true }).fill(password);
    await page.getByLabel("New password", { exact: true }).fill("another-good-password-7");
    const changed = page.waitForResponse((answer) => answer.url().endsWith("/change-password"));
    await page.getByRole("button", { name: "Change password" }).click();
    expect((await changed).status()).toBe(200);
    await page.getByText("Password changed").waitFor();
    await page.getByRole("button", { name: "Change password" }).click();
    expect(await page.locator('[aria-invalid="true"]').count()).toBe(0);
  });
});
