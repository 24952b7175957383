import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";
import type { Person } from "../support/person.ts";

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;

/** What "Under the hood" shows where the page has a token, and where it has none. */
const hood = { direct: "Claims", proxy: "This browser holds no token" } as const;

/** How many pixels of the page stand out to the side. */
async function overflow(person: Person): Promise<number> {
  return await person.page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}

describeApplications("everything works on a phone, 390 pixels wide", { once: true }, (stage) => {
  it("a user signs up, keeps tasks, sees the token, or that there is none, and signs out", async () => {
    const ada = await stage.person("Ada", phone);
    const { page } = ada;
    for (const path of ["/", "/login", "/sign-up"]) {
      await page.goto(path);
      expect(await overflow(ada), path).toBe(0);
    }
    await ada.signUp();
    await ada.addTask(`A title ${"without-any-break".repeat(9)}`);
    await ada.addTask("Short");
    expect(await overflow(ada), "/tasks").toBe(0);
    const completed = ada.apiAnswer("PATCH");
    await page.getByRole("checkbox", { name: 'Complete "Short"' }).tap();
    expect(await completed).toBe(200);
    await page.getByRole("button", { name: 'Edit "Short"' }).tap();
    const dialog = page.getByRole("dialog", { name: "Edit task" });
    await dialog.waitFor();
    expect(await overflow(ada), "dialog").toBe(0);
    await dialog.getByRole("button", { name: "Save" }).tap();
    await dialog.waitFor({ state: "hidden" });
    const deleted = ada.apiAnswer("DELETE");
    await page.getByRole("button", { name: 'Delete "Short"' }).tap();
    expect(await deleted).toBe(204);
    await page.getByRole("link", { name: "Under the hood" }).tap();
    await page.getByText(hood[stage.mode], { exact: true }).first().waitFor();
    await page.getByRole("button", { name: "Try it: Open another user's URL" }).tap();
    await page.getByRole("region", { name: "Answer: Open another user's URL" }).waitFor();
    expect(await overflow(ada), "/under-the-hood").toBe(0);
    await ada.signOut();
    expect(ada.complaints.filter((line) => !line.includes("403"))).toEqual([]);
  });
});
