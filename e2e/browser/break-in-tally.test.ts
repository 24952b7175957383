import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";

describeApplications("who tries every way in", {}, (stage) => {
  it("is told how many were refused, and by which event the servers remember it", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await ada.signUp();
    await page.getByRole("link", { name: "Under the hood" }).click();
    const panel = page.getByRole("region", { name: "Try to break in" });
    await panel.getByRole("button", { name: "Try them all" }).click();
    await panel.getByRole("region", { name: "Answer: Open another user's row" }).waitFor();
    const tried = await panel.getByRole("region", { name: /^Answer: / }).count();
    expect(await panel.getByRole("status").innerText()).toBe(`${tried} of ${tried} refused`);
    const trespass = page
      .getByRole("list", { name: "Requests" })
      .getByRole("listitem")
      .filter({ hasText: "/api/{another_user_id}/tasks" });
    expect(await trespass.innerText()).toMatch(/log: watchword\.(?:request\.denied|proxy\.refused)/);
  });
});
