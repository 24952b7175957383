import type { Locator } from "playwright-core";
import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";
import { signUpWithContent } from "../support/screen-paths.ts";

const style = (element: Locator, property: string, part?: string) =>
  element.evaluate((node, [name, pseudo]) => getComputedStyle(node, pseudo ?? null).getPropertyValue(name), [
    property,
    part,
  ] as const);

describeApplications("who has the system choose the colours", { once: true }, (stage) => {
  it("sees what is done, what is chosen, where one is, and what is a button", async () => {
    const ada = await stage.person("Ada", { forcedColors: "active" });
    const { page } = ada;
    await signUpWithContent(ada);
    const completed = ada.apiAnswer("PATCH");
    await page.getByRole("checkbox", { name: 'Complete "Buy milk"' }).click();
    expect(await completed).toBe(200);
    const tick = ada.task("Buy milk").locator("label svg");
    const box = page.getByRole("checkbox", { name: 'Reopen "Buy milk"' });
    expect(await style(tick, "color")).not.toBe(await style(box, "background-color"));

    const choice = (name: string) =>
      page.locator("label", { has: page.getByRole("radio", { name, exact: true }) });
    expect(await style(choice("All"), "background-color")).not.toBe(
      await style(choice("Done"), "background-color"),
    );
    const place = page.getByRole("link", { name: "Tasks" });
    expect(await style(place, "background-color", "::after")).not.toBe(
      await style(page.locator("body"), "background-color"),
    );
    expect(await style(page.getByRole("button", { name: "Add task" }), "border-top-width")).toBe("1px");

    await page.getByRole("button", { name: "Ada", exact: true }).click();
    await page.getByRole("menu").waitFor();
    await page.keyboard.press("ArrowDown");
    const highlighted = page.locator("[role=menuitem][data-highlighted]");
    expect(await style(highlighted, "outline-style")).toBe("solid");
  });
});
