import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";
import { eachScreen, ownScreens, signUpWithContent } from "../support/screen-paths.ts";

describeApplications("360 pixels wide", { once: true }, (stage) => {
  it("a long name leaves the header in its two lines, and nothing is cut off", async () => {
    const ada = await stage.person("Adalovelaceoflondonandelsewhere", {
      viewport: { width: 360, height: 780 },
      isMobile: true,
    });
    const { page } = ada;
    await ada.signUp();
    const box = async (name: "link" | "button", text: string) => {
      const found = await page.getByRole("banner").getByRole(name, { name: text, exact: true }).boundingBox();
      if (!found) throw new Error(`${text} is not shown.`);
      return { ...found, middle: Math.round(found.y + found.height / 2), right: found.x + found.width };
    };
    const brand = await box("link", "Watchword");
    const account = await box("button", ada.name);
    const tasks = await box("link", "Tasks");
    expect(brand.y).toBeGreaterThan(0);
    expect(account.middle).toBe(brand.middle);
    expect(account.x).toBeGreaterThanOrEqual(brand.right);
    expect(account.right).toBeLessThanOrEqual(360 - 16);
    expect(tasks.y).toBeGreaterThan(brand.y + brand.height);
  });

  it("the places stand in one line even in 320", async () => {
    const ada = await stage.person("Ada", { viewport: { width: 320, height: 640 }, isMobile: true });
    await ada.signUp();
    const links = ada.page.getByRole("navigation", { name: "Main" }).getByRole("link");
    const tops = await links.evaluateAll((all) => all.map((link) => link.getBoundingClientRect().top));
    expect(tops).toHaveLength(4);
    expect(new Set(tops).size).toBe(1);
  });

  it("letters half as large again fit too", async () => {
    const ada = await stage.person("Ada", { viewport: { width: 360, height: 780 }, isMobile: true });
    await signUpWithContent(ada);
    const wide: Record<string, number> = {};
    await eachScreen(ada, ownScreens, async (path) => {
      wide[path] = await ada.page.evaluate(() => {
        const { documentElement: root } = document;
        root.style.fontSize = "150%";
        return root.scrollWidth - root.clientWidth;
      });
    });
    expect(Object.entries(wide).filter(([, pixels]) => pixels > 0)).toEqual([]);
    expect(Object.keys(wide)).toHaveLength(6);
  });
});
