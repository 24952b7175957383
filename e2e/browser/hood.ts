import type { Locator, Page } from "playwright-core";
import type { Person } from "../support/person.ts";

/** Opens "Under the hood" and waits until the API has verified the token of the page's own first request. */
export async function openHood({ page, addresses }: Person): Promise<void> {
  // The other pages ask for a part of the list, and name it in a query.
  const answered = page.waitForResponse(
    (answer) => answer.url().startsWith(addresses.apiAddress) && answer.url().endsWith("/tasks"),
  );
  await page.getByRole("link", { name: "Under the hood" }).click();
  await answered;
  const requests = page.getByRole("list", { name: "Requests" }).getByRole("listitem");
  const carried = addresses.mode === "proxy" ? "session cookie" : `token ${await ownTokenId(page)}`;
  await requests.filter({ hasText: carried }).filter({ hasText: "verified" }).first().waitFor();
}

/** As the list of requests names the token that the page shows. */
async function ownTokenId(page: Page): Promise<string> {
  const term = page.locator("dt", { hasText: /^jti$/ });
  return (await term.locator("xpath=following-sibling::dd[1]").innerText()).slice(0, 8);
}

export const roadInWords = ({ page }: Person): Locator =>
  page.getByRole("list", { name: "The road in words" });
