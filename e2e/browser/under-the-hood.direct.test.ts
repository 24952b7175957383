import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";
import { openHood, roadInWords } from "./hood.ts";

const names = { hono: "Hono", fastapi: "FastAPI" } as const;

describeApplications("under the hood, where the page holds a token", { mode: "direct" }, (stage) => {
  it("draws the whole road of a request: token, verification, address, rows and answer", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await ada.signUp();
    await openHood(ada);
    expect(await roadInWords(ada).getByRole("listitem").count()).toBe(9);
    const words = await roadInWords(ada).innerText();
    for (const text of [
      "asks the web app for a token",
      "signs a token that names you",
      "lives for 15 minutes",
      "GET /api/{user_id}/tasks",
      "without asking anyone",
      "the user in the token",
      "rows of this owner alone",
    ])
      expect(words).toContain(text);
    const figures = page.getByRole("region", { name: "The road of one request" });
    await figures.getByText(names[stage.api], { exact: true }).waitFor();
    const term = (name: string) => figures.locator("dt", { hasText: name }).locator("xpath=..").innerText();
    expect(await term("Cold")).toMatch(/\d+ [µm]s/);
    await page.getByRole("button", { name: "Send a request" }).click();
    await figures.getByText("found among those that it has verified").waitFor();
    expect(await term("Warm")).toMatch(/\d+ [µm]s|less than 1 µs/);
    await page.getByRole("button", { name: "Get a new token" }).click();
    const requests = page.getByRole("list", { name: "Requests" });
    await requests.getByText("GET /api/auth/token").nth(1).waitFor();
  });
});
