import { gzipSync } from "node:zlib";
import axe from "axe-core";
import { expect, it } from "vitest";
import type { ApiMode } from "../support/browser-pairs.ts";
import { describeApplications } from "../support/browser-suite.ts";
import type { Person } from "../support/person.ts";

/** Every page, and what has to be seen on it before it is looked at. */
const publicPages = [
  ["/", "You sign in here"],
  ["/login", "New here?"],
  ["/sign-up", "Have an account?"],
  ["/forgot-password", "Send me a link"],
  ["/reset-password?token=none", "Save the new password"],
  ["/posts", "Posts"],
  ["/nowhere", "There is nothing here"],
] as const;

const pagesOf = (mode: ApiMode) =>
  [
    ["/tasks", "Buy milk"],
    ["/chat", "Try one of these"],
    ["/posts", "A post of Ada"],
    ["/under-the-hood", { direct: "Claims", proxy: "This browser holds no token" }[mode]],
    ["/account", "Sign out everywhere"],
    ["/admin", "This page is for administrators"],
  ] as const;

interface Finding {
  readonly id: string;
  readonly impact: string | null | undefined;
  readonly at: readonly string[];
}

/** What axe finds on the page that is serious. */
async function seriousFaults(person: Person): Promise<Finding[]> {
  await person.page.evaluate(axe.source);
  return await person.page.evaluate(async () => {
    const { axe: runner } = globalThis as unknown as { axe: typeof import("axe-core") };
    const { violations } = await runner.run(document, { resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, impact, nodes }) => ({ id, impact, at: nodes.map(({ html }) => html.slice(0, 160)) }));
  });
}

/** How many pixels of the page stand out to the side. */
const overflow = (person: Person) =>
  person.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

async function fill(person: Person, { page } = person): Promise<void> {
  await person.signUp();
  await person.addTask("Buy milk");
  const post = { title: `A post of ${person.name}`, body: "Seen by everyone.", is_private: false };
  expect((await person.askApi("/api/v1/posts", { method: "POST", json: post })).status).toBe(201);
  await page.waitForLoadState("load");
}

async function eachPage(
  person: Person,
  pages: ReadonlyArray<readonly [string, string]>,
  look: (path: string) => Promise<void>,
): Promise<void> {
  for (const [path, text] of pages) {
    await person.page.goto(path);
    await person.page.getByText(text).first().waitFor();
    await look(path);
  }
}

describeApplications("every screen", { once: true }, (stage) => {
  const ownPages = pagesOf(stage.mode);

  for (const colorScheme of ["light", "dark"] as const)
    it(`has nothing that axe calls serious in ${colorScheme} colours`, async () => {
      const ada = await stage.person("Ada", { colorScheme, reducedMotion: "reduce" });
      const faults: Record<string, Finding[]> = {};
      const look = async (path: string) => {
        const found = await seriousFaults(ada);
        if (found.length > 0) faults[path] = found;
      };
      await eachPage(ada, publicPages, look);
      await fill(ada);
      await eachPage(ada, ownPages, look);
      await ada.page.goto("/tasks");
      await ada.page.getByRole("button", { name: "Ada", exact: true }).click();
      await ada.page.getByRole("menu").waitFor();
      await look("menu");
      await ada.page.keyboard.press("Escape");
      await ada.page.getByRole("button", { name: 'Edit "Buy milk"' }).click();
      await ada.page.getByRole("dialog").waitFor();
      await look("dialog");
      expect(faults).toEqual({});
    });

  it("fits into 360 pixels", async () => {
    const ada = await stage.person("Ada", { viewport: { width: 360, height: 780 }, isMobile: true });
    const wide: Record<string, number> = {};
    const look = async (path: string) => {
      const pixels = await overflow(ada);
      if (pixels > 0) wide[path] = pixels;
    };
    await eachPage(ada, publicPages, look);
    await fill(ada);
    await eachPage(ada, ownPages, look);
    expect(wide).toEqual({});
  });

  it("comes with a policy whose nonce is never the same, and the other security headers", async () => {
    const ada = await stage.person("Ada");
    const nonces = new Set<string>();
    for (const path of ["/", "/login", "/posts", "/nowhere", "/"]) {
      const headers = (await ada.context.request.get(path)).headers();
      const policy = headers["content-security-policy"] ?? "";
      nonces.add(/'nonce-([A-Za-z0-9+/=]{22,})'/.exec(policy)?.[1] ?? "none");
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain(`connect-src 'self' ${new URL(stage.addresses.apiAddress).origin};`);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/script-src[^;]*'unsafe-(?:inline|eval)'/);
      expect(headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
      });
    }
    expect(nonces.size).toBe(5);
    expect(nonces.has("none")).toBe(false);
    const route = (await ada.context.request.get("/api/auth/get-session")).headers();
    expect(route["content-security-policy"]).toContain("default-src 'none'");
  });

  it("loads at most 250 kB of compressed script for the tasks", async () => {
    const ada = await stage.person("Ada");
    await ada.signUp();
    const sizes: Promise<number>[] = [];
    ada.page.on("response", (response) => {
      if (!new URL(response.url()).pathname.endsWith(".js")) return;
      sizes.push(response.body().then((body) => gzipSync(body, { level: 6 }).length));
    });
    await ada.page.reload();
    await ada.page.getByText("No tasks yet").waitFor();
    const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(50_000);
    expect(total / 1000).toBeLessThanOrEqual(250);
  });
});
