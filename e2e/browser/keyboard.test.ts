import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";
import { eachScreen, ownScreens, signUpWithContent, visitorScreens } from "../support/screen-paths.ts";

/** What can be worked with on a page. Of radio buttons the checked one stands for its group: arrow keys move between them. */
const operable =
  "a[href], button:enabled, input:enabled:not([type=hidden], [type=radio]:not(:checked)), textarea:enabled, select:enabled, summary, [tabindex='0']";

describeApplications("who has a keyboard only", { once: true }, (stage) => {
  it("reaches everything on every page, and sees where the focus is", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    const faults: Record<string, unknown> = {};
    const look = async (path: string) => {
      // What waits for the script can be worked with by now.
      await page.waitForFunction(
        () => !document.querySelector(":is(header button, input, textarea):disabled"),
      );
      const found = await walk(page);
      if (found.unreached.length + found.unseen.length > 0) faults[path] = found;
      expect(found.reached, path).toBeGreaterThan(1);
    };
    await eachScreen(
      ada,
      visitorScreens.filter(([path]) => path !== "/posts"),
      look,
    );
    await signUpWithContent(ada);
    await eachScreen(ada, ownScreens, look);
    expect(faults).toEqual({});
  });

  it("writes, searches and takes a deletion back by shortcuts", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await signUpWithContent(ada);
    // Adding a task leaves the cursor in its field.
    await page.keyboard.press("Escape");
    await page.keyboard.press("n");
    await page.keyboard.type("nothing/n?");
    const saved = ada.apiAnswer("POST");
    await page.keyboard.press("Enter");
    expect(await saved).toBe(201);
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    await page.keyboard.type("nothing/");
    await ada.task("Buy milk").waitFor({ state: "detached" });
    expect(await ada.titles()).toEqual(["nothing/n?"]);

    const deleted = ada.apiAnswer("DELETE");
    await page.getByRole("button", { name: 'Delete "nothing/n?"' }).focus();
    await page.keyboard.press("Enter");
    expect(await deleted).toBe(204);
    const undo = page.getByRole("button", { name: "Undo" });
    await undo.waitFor();
    await page.keyboard.press("F6");
    while (!(await undo.evaluate((button) => button === document.activeElement)))
      await page.keyboard.press("Tab");
    const broughtBack = ada.apiAnswer("POST");
    await page.keyboard.press("Enter");
    expect(await broughtBack).toBe(201);
    await ada.task("nothing/n?").waitFor();
  });

  it("is led into a dialog and a menu, kept there, and led back", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await signUpWithContent(ada);
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
    const edit = page.getByRole("button", { name: 'Edit "Buy milk"' });
    await edit.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    const inside = () => page.evaluate(() => document.activeElement?.closest("[role=dialog]") != null);
    await expect.poll(inside).toBe(true);
    for (let step = 0; step < 8; step += 1) {
      await page.keyboard.press("Tab");
      // At either end the focus comes round in a moment of its own.
      await expect.poll(inside).toBe(true);
    }
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await expect.poll(focused).toBe('Edit "Buy milk"');

    await page.getByRole("button", { name: "Ada", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menu").waitFor();
    const item = page.getByRole("menuitem", { name: "Keyboard shortcuts" });
    while (!(await item.evaluate((element) => element === document.activeElement)))
      await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  });
});

describeApplications("who deletes by keyboard", { once: true }, (stage) => {
  it("is left on the next row, or on the title of the page when it was the last", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await signUpWithContent(ada);
    const heard = () =>
      page.evaluate(() => {
        const { activeElement: one } = document;
        return one?.getAttribute("aria-label") ?? (one as HTMLElement | null)?.innerText.split("\n")[0];
      });
    const remove = async (name: string | RegExp) => {
      const deleted = ada.apiAnswer("DELETE");
      await page.getByRole("button", { name }).focus();
      await page.keyboard.press("Enter");
      expect(await deleted).toBe(204);
      await page.getByRole("button", { name }).waitFor({ state: "detached" });
    };
    await remove('Delete "Buy milk"');
    expect(await heard()).toBe("Tasks");

    const mine = (at: string) => `${at} of ${ada.email}`;
    for (const title of [mine("First"), mine("Second")])
      await ada.askApi("/api/v1/posts", {
        method: "POST",
        json: { title, body: "For me.", is_private: true },
      });
    await page.goto("/posts");
    await remove(`Delete "${mine("Second")}"`);
    expect(await heard()).toBe(`Edit "${mine("First")}"`);

    await page.goto("/chat");
    await page.getByRole("button", { name: "Help" }).click();
    await remove(/^Delete the conversation/);
    expect(await heard()).toBe("Chat");
  });
});

describeApplications("who cannot see a form", { once: true }, (stage) => {
  it("is led to the first field that is wrong, which says why", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await signUpWithContent(ada);
    /** What a screen reader says where the focus is. */
    const heard = () =>
      page.evaluate(() => {
        const field = document.activeElement as HTMLInputElement | null;
        const note = document.getElementById(field?.getAttribute("aria-describedby") ?? "");
        return [field?.labels?.[0]?.textContent, note?.textContent];
      });
    await page.getByRole("button", { name: 'Edit "Buy milk"' }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Title", { exact: true }).fill(" ");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect.poll(heard).toEqual(["Title", "Write what is to be done."]);

    await page.goto("/posts");
    await page.getByRole("button", { name: "Write a post" }).click();
    await dialog.getByLabel("Title", { exact: true }).fill("Title");
    await dialog.getByRole("button", { name: "Publish" }).click();
    await expect.poll(heard).toEqual(["Text", "Write something."]);

    await page.goto("/account");
    await page.getByLabel("User name").fill("not valid");
    await page.getByRole("button", { name: "Save profile" }).click();
    await expect.poll(async () => (await heard())[0]).toBe("User name");
  });
});

interface Walk {
  readonly reached: number;
  /** What the Tab key never came to. */
  readonly unreached: readonly string[];
  /** What had the focus without a ring of two pixels, or out of sight. */
  readonly unseen: readonly string[];
}

/** Presses Tab until it has come round, and looks at each thing that has the focus. */
async function walk(page: Page): Promise<Walk> {
  const all = await page.evaluate((selector) => {
    const elements = [...document.querySelectorAll<HTMLElement>(selector)].filter(
      (element) => element.checkVisibility() && !element.closest("[inert], [aria-hidden=true]"),
    );
    return elements.map((element, index) => {
      element.dataset["walk"] = String(index);
      return element.getAttribute("aria-label") ?? element.innerText.slice(0, 40);
    });
  }, operable);
  const reached = new Set<number>();
  const unseen = new Set<string>();
  for (let step = 0; step < all.length + 4; step += 1) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      if (!element || element === document.body) return null;
      const ringed = [element, element.closest("label")].some((one) => {
        const style = one && getComputedStyle(one);
        return style && style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2;
      });
      const { top, bottom } = element.getBoundingClientRect();
      return { index: element.dataset["walk"], seen: ringed && bottom > 0 && top < innerHeight };
    });
    if (focus?.index === undefined) continue;
    const index = Number(focus.index);
    reached.add(index);
    if (!focus.seen) unseen.add(all[index] ?? "");
  }
  return {
    reached: reached.size,
    unreached: all.filter((_, index) => !reached.has(index)),
    unseen: [...unseen],
  };
}
