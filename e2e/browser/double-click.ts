import type { Locator, Page, Request } from "playwright-core";
import type { Person } from "../support/person.ts";

/** How far apart the two clicks of a double click are, in milliseconds. */
export const gaps = [0, 80, 150, 250] as const;

/** Clicks twice at one place, as a hand does: without moving in between, whatever is there by then. */
export async function clickTwice(page: Page, target: Locator, gap: number): Promise<void> {
  await target.hover();
  const box = await target.boundingBox();
  if (box === null) throw new Error("There is nothing to click on.");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  if (gap === 0) return await page.mouse.dblclick(x, y);
  await page.mouse.click(x, y);
  await page.waitForTimeout(gap);
  await page.mouse.click(x, y);
}

/** Counts what the page asks the API for from now on. */
export function watchCalls({ page, addresses }: Person) {
  const calls: Request[] = [];
  page.on("request", (request) => {
    if (request.url().startsWith(addresses.apiAddress)) calls.push(request);
  });
  return { sent: (method: string) => calls.filter((call) => call.method() === method).length };
}
