import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";
import type { Person } from "../support/person.ts";

async function write(person: Person, title: string, audience: "Public" | "Private"): Promise<void> {
  const { page } = person;
  await page.getByRole("button", { name: "Write a post" }).click();
  const dialog = page.getByRole("dialog", { name: "Write a post" });
  await dialog.getByLabel("Title", { exact: true }).fill(title);
  await dialog.getByLabel("Text", { exact: true }).fill("Some words.");
  await dialog.getByRole("radio", { name: audience }).check();
  const published = person.apiAnswer("POST");
  await dialog.getByRole("button", { name: "Publish" }).click();
  expect(await published).toBe(201);
  await page.getByRole("article", { name: title }).waitFor();
}

describeApplications("posts", {}, (stage) => {
  it("are written, changed, deleted and brought back by their owner", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await ada.signUp();
    await page.getByRole("link", { name: "Posts" }).click();
    const title = `First ${ada.email}`;
    await write(ada, title, "Public");

    await page.getByRole("button", { name: `Edit "${title}"` }).click();
    const dialog = page.getByRole("dialog", { name: "Edit post" });
    await dialog.getByLabel("Text", { exact: true }).fill("Other words.");
    const changed = ada.apiAnswer("PATCH");
    await dialog.getByRole("button", { name: "Save" }).click();
    expect(await changed).toBe(200);
    await page.getByRole("article", { name: title }).getByText("Other words.").waitFor();

    const deleted = ada.apiAnswer("DELETE");
    await page.getByRole("button", { name: `Delete "${title}"` }).click();
    expect(await deleted).toBe(204);
    await page.getByRole("article", { name: title }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("article", { name: title }).getByText("Other words.").waitFor();
  });

  it("that are public are seen by everyone, those that are private by their owner alone", async () => {
    const ada = await stage.person("Ada");
    await ada.signUp();
    await ada.page.goto("/posts");
    const [open, secret] = [`Open ${ada.email}`, `Secret ${ada.email}`];
    await write(ada, open, "Public");
    await write(ada, secret, "Private");
    await ada.page.getByRole("article", { name: secret }).getByText("Private").waitFor();

    const ben = await stage.person("Ben");
    await ben.signUp();
    const visitor = await stage.person("Visitor");
    const carried: string[] = [];
    visitor.page.on("request", (request) => {
      if (request.headers()["authorization"]) carried.push(request.url());
    });
    for (const reader of [ben, visitor]) {
      await reader.page.goto("/posts");
      await reader.page.getByRole("article", { name: open }).waitFor();
      expect(await reader.page.getByText(secret).count()).toBe(0);
      expect(await reader.page.getByRole("button", { name: `Edit "${open}"` }).count()).toBe(0);
    }
    expect(await visitor.page.getByRole("button", { name: "Write a post" }).count()).toBe(0);
    expect(carried).toEqual([]);
  });
});
