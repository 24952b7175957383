// `node e2e/screens.ts [hono|fastapi]`: the screenshots of the documentation, taken of the running application.
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { Application } from "./support/application.ts";
import { backendNames } from "./support/backend.ts";
import { openBrowser } from "./support/browser.ts";
import { Person } from "./support/person.ts";
import { withoutExcess } from "./support/picture.ts";
import { removeFolder, temporaryFolder } from "./support/temporary-folder.ts";
import { buildWebApplication } from "./support/web-build.ts";

const target = fileURLToPath(new URL("../docs/screens/", import.meta.url));

const devices = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 } },
} as const;

const tasks = [
  { title: "Water the plants", completed: true },
  { title: "Return the library books", description: "Three novels and the atlas" },
  { title: "Write to Grace", description: "Ask about the summer" },
  { title: "Book the train to Vienna" },
  { title: "Buy oat milk and coffee" },
];

const posts = [
  {
    title: "A note to myself",
    body: "Renew the library card before the summer.",
    is_private: true,
  },
  {
    title: "How the API knows you",
    body: "This app signs a short text that names you. The API checks the signature by itself: it asks nobody, and it keeps no session.",
    is_private: false,
  },
];

/** Takes every screen of one device in one colour scheme, as one new user. */
async function photograph(
  browser: Browser,
  application: Application,
  device: keyof typeof devices,
  colorScheme: "light" | "dark",
): Promise<void> {
  const ada = await Person.arrive(browser, application, "Ada", {
    ...devices[device],
    colorScheme,
    reducedMotion: "reduce",
  });
  const { page } = ada;
  const take = async (screen: string): Promise<void> => {
    await page.evaluate(() => document.fonts.ready);
    const picture = await withoutExcess(await page.screenshot({ animations: "disabled", caret: "hide" }));
    const name = `${screen}-${device}-${colorScheme}.png`;
    writeFileSync(`${target}${name}`, picture);
    console.log(`${name} ${Math.round(picture.length / 1024)} KiB`);
  };

  await page.goto("/");
  await take("landing");
  await page.goto("/login");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await take("sign-in");
  await page.goto("/sign-up");
  await page.getByLabel("Name", { exact: true }).fill("Ada");
  await page.getByLabel("Email", { exact: true }).fill("ada@example.test");
  await page.getByLabel("Password", { exact: true }).fill("four random words");
  await take("sign-up");
  await page.goto("/forgot-password");
  await page.getByRole("button", { name: "Send me a link" }).waitFor();
  await take("forgot-password");
  await page.goto("/reset-password?token=none");
  await page.getByRole("button", { name: "Save the new password" }).waitFor();
  await take("reset-password");
  await page.goto("/nowhere");
  await page.getByText("There is nothing here").waitFor();
  await take("not-found");
  await ada.signUp();
  await page.getByText("No tasks yet").waitFor();
  await take("tasks-empty");
  const userId = await ada.userId();
  for (const json of tasks) await ada.askApi(`/api/${userId}/tasks`, { method: "POST", json });
  await page.reload();
  await ada.task("Buy oat milk and coffee").waitFor();
  await take("tasks");
  await page.getByRole("button", { name: 'Edit "Write to Grace"' }).click();
  await page.getByRole("dialog").waitFor();
  await take("edit-task");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Ada", exact: true }).click();
  await page.getByRole("menu").waitFor();
  await take("menu");
  await page.keyboard.press("Escape");

  await page.getByRole("link", { name: "Chat" }).click();
  for (const message of ["What is open?", "Done write to Grace", "Add call the plumber"]) {
    const answered = ada.apiAnswer("POST");
    await page.getByRole("textbox", { name: "Message" }).fill(message);
    await page.keyboard.press("Enter");
    await answered;
    await page.getByRole("status").waitFor({ state: "detached" });
  }
  await take("chat");

  const written: number[] = [];
  for (const json of posts.toReversed()) {
    const answer = await ada.askApi("/api/v1/posts", { method: "POST", json });
    written.push((answer.body as { id: number }).id);
  }
  await page.getByRole("link", { name: "Posts" }).click();
  await page.getByRole("article", { name: "A note to myself" }).waitFor();
  await take("posts");
  // Everyone sees public posts: those of one picture do not belong into the next.
  for (const id of written) await ada.askApi(`/api/v1/posts/${id}`, { method: "DELETE" });

  await page.goto("/account");
  await page.getByLabel("User name").fill("ada.l");
  await take("account");
  await page.getByRole("button", { name: "Sign out everywhere" }).scrollIntoViewIfNeeded();
  await take("account-sessions");

  makeAdministrator(userId);
  await page.goto("/admin");
  await page.getByRole("table").waitFor();
  await take("admin");

  await page.getByRole("link", { name: "Under the hood" }).click();
  await page.getByText("Claims", { exact: true }).first().waitFor();
  // A picture holds no token, not even one whose secret is gone: the signature becomes dots.
  await page.locator("figure p > span:last-child").evaluate((signature) => {
    signature.textContent = `.${"•".repeat(43)}`;
  });
  await take("under-the-hood");
  await page.getByRole("heading", { name: "The token", exact: true }).evaluate((heading) => {
    window.scrollBy({ top: heading.getBoundingClientRect().top - 32, behavior: "instant" });
  });
  await take("token");
  await page.getByRole("button", { name: "Try it: Open another user's URL" }).click();
  await page.getByRole("region", { name: "Answer: Open another user's URL" }).scrollIntoViewIfNeeded();
  await take("refused");
  await ada.leave();
}

/** As `npm run admin -- grant` does for a confirmed address. */
function makeAdministrator(userId: string): void {
  const database = new DatabaseSync(`${folder}/data/auth.sqlite`, { timeout: 5_000 });
  database.prepare('UPDATE "user" SET role = ?, "emailVerified" = 1 WHERE id = ?').run("admin", userId);
  database.close();
}

const api = backendNames.find((name) => name === (process.argv[2] ?? "hono"));
if (api === undefined) throw new Error(`Name one of: ${backendNames.join(", ")}.`);
await buildWebApplication();
mkdirSync(target, { recursive: true });
const folder = temporaryFolder("screens");
const application = await Application.start({
  api,
  secret: randomBytes(32).toString("base64url"),
  dataFolder: `${folder}/data`,
  // The addresses stand in the pictures: those that a newcomer will see.
  webPort: Number(process.env["WEB_PORT"] ?? 3000),
  apiPort: Number(process.env["API_PORT"] ?? 8000),
});
const browser = await openBrowser();
try {
  for (const device of ["phone", "desktop"] as const)
    for (const colorScheme of ["light", "dark"] as const)
      await photograph(browser, application, device, colorScheme);
} finally {
  await browser.close();
  await application.stop();
  removeFolder(folder);
}
