import type { Page, Route } from "playwright-core";
import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";
import { eachScreen, ownScreens, signUpWithContent, visitorScreens } from "../support/screen-paths.ts";

/** How long nothing new is asked for until what waits is the whole of a round, in milliseconds. */
const quiet = 400;

/** Answers what a page asks for in rounds: all that it asks for at once, and then what it asks for with that. */
class Rounds {
  #waiting: Route[] = [];

  static async of(page: Page): Promise<Rounds> {
    const rounds = new Rounds();
    await page.route("**/*", (route) => void rounds.#waiting.push(route));
    return rounds;
  }

  /** Lets everything through that waits, once nothing more comes. @returns the paths, without those of scripts */
  async next(): Promise<string[]> {
    let [before, since] = [0, performance.now()];
    while (before === 0 || performance.now() - since < quiet) {
      if (this.#waiting.length !== before) [before, since] = [this.#waiting.length, performance.now()];
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const round = this.#waiting.splice(0);
    await Promise.all(round.map((route) => route.continue()));
    return round
      .map((route) => new URL(route.request().url()).pathname)
      .filter((path) => !/\.\w+$/.test(path));
  }
}

describeApplications("a page that is loaded", { once: true }, (stage) => {
  it("shows the tasks with its first answer, takes new ones after its scripts, and asks for nothing more before", async () => {
    const ada = await stage.person("Ada");
    await signUpWithContent(ada);
    const page = await ada.context.newPage();
    const rounds = await Rounds.of(page);
    const input = page.getByRole("textbox", { name: "New task" });
    const opening = page.goto("/tasks");
    expect(await rounds.next()).toEqual(["/tasks"]);
    await page.getByRole("button", { name: 'Edit "Buy milk"' }).waitFor();
    expect(await input.isEnabled()).toBe(false);
    // Styles, fonts and scripts, all at once: none of them asks for another.
    expect(await rounds.next()).toEqual([]);
    await page.waitForFunction(() => !document.querySelector<HTMLInputElement>("main input")?.disabled);
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await opening;
  });

  for (const [device, width] of [
    ["a desktop", 1280],
    ["a phone", 360],
  ] as const)
    it(`shifts nothing on ${device} while it fills`, async () => {
      const ada = await stage.person("Ada", { viewport: { width, height: 780 } });
      await ada.context.addInitScript(observeShifts);
      const shifts: Record<string, number> = {};
      const look = async (path: string) => {
        await ada.page.evaluate(() => document.fonts.ready);
        // An observer is told after the frame in which something has moved.
        shifts[path] = await ada.page.evaluate(
          () =>
            new Promise<number>((resolve) => {
              requestAnimationFrame(() =>
                requestAnimationFrame(() => setTimeout(() => resolve(total()), 50)),
              );
              const total = () => (globalThis as unknown as { shift: number }).shift;
            }),
        );
      };
      await signUpWithContent(ada);
      await eachScreen(ada, ownScreens, look);
      await ada.signOut();
      await eachScreen(ada, visitorScreens, look);
      expect(Object.keys(shifts).length).toBe(12);
      expect(Object.entries(shifts).filter(([, shift]) => shift > 0.001)).toEqual([]);
    });
});

/** Adds up the layout shifts of a page that no input has caused (Layout Instability §2.4). */
function observeShifts(): void {
  const scope = globalThis as unknown as { shift: number };
  scope.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[])
      if (!entry.hadRecentInput) scope.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
}
