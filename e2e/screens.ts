// `node e2e/screens.ts [hono|fastapi]`: the screenshots of the documentation, taken of the running application.
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
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
  await ada.signUp();
  await page.getByText("No tasks yet").waitFor();
  const userId = await ada.userId();
  for (const json of tasks) await ada.askApi(`/api/${userId}/tasks`, { method: "POST", json });
  await page.reload();
  await ada.task("Buy oat milk and coffee").waitFor();
  await take("tasks");
  await page.getByRole("link", { name: "Your token" }).click();
  await page.getByText("Claims", { exact: true }).first().waitFor();
  // A picture holds no token, not even one whose secret is gone: the signature becomes dots.
  await page.locator("figure p > span:last-child").evaluate((signature) => {
    signature.textContent = `.${"•".repeat(43)}`;
  });
  await take("token");
  await page.getByRole("button", { name: "Open another user's URL" }).click();
  await page.getByRole("region", { name: "Answer" }).scrollIntoViewIfNeeded();
  await take("refused");
  await ada.leave();
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
