import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";
import { eachScreen, ownScreens, signUpWithContent } from "../support/screen-paths.ts";

/** The longest movement that any part of the page is styled to make, in milliseconds. */
function longestMovement(page: Page): Promise<number> {
  return page.evaluate(() => {
    const milliseconds = (list: string) =>
      list.split(",").map((one) => Number.parseFloat(one) * (one.trim().endsWith("ms") ? 1 : 1000));
    const durations = [...document.querySelectorAll("*")].flatMap((element) =>
      ["", "::before", "::after"].flatMap((part) => {
        const { transitionDuration, animationDuration, animationName } = getComputedStyle(
          element,
          part || null,
        );
        return [
          ...milliseconds(transitionDuration),
          ...(animationName === "none" ? [] : milliseconds(animationDuration)),
        ];
      }),
    );
    return Math.max(...durations);
  });
}

describeApplications("who wants less motion", { once: true }, (stage) => {
  it("gets none on any page, in a dialog or in a menu; others do", async () => {
    const longest: Record<string, Record<string, number>> = {};
    for (const reducedMotion of ["reduce", "no-preference"] as const) {
      const found: Record<string, number> = {};
      longest[reducedMotion] = found;
      const ada = await stage.person("Ada", { reducedMotion });
      const { page } = ada;
      const look = async (path: string) => {
        found[path] = await longestMovement(page);
      };
      await signUpWithContent(ada);
      await eachScreen(ada, ownScreens, look);
      await page.goto("/tasks");
      await page.getByRole("button", { name: "Ada", exact: true }).click();
      await page.getByRole("menu").waitFor();
      await look("menu");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: 'Edit "Buy milk"' }).click();
      await page.getByRole("dialog").waitFor();
      await look("dialog");
    }
    expect(Object.entries(longest["reduce"] ?? {}).filter(([, duration]) => duration > 1)).toEqual([]);
    const others = Object.values(longest["no-preference"] ?? {});
    expect(others.length).toBe(8);
    expect(Math.min(...others)).toBeGreaterThanOrEqual(100);
  });
});
