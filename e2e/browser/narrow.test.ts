import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";

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
    const brand = await box("link", "Countersign");
    const account = await box("button", ada.name);
    const tasks = await box("link", "Tasks");
    expect(brand.y).toBeGreaterThan(0);
    expect(account.middle).toBe(brand.middle);
    expect(account.x).toBeGreaterThanOrEqual(brand.right);
    expect(account.right).toBeLessThanOrEqual(360 - 16);
    expect(tasks.y).toBeGreaterThan(brand.y + brand.height);
  });
});
