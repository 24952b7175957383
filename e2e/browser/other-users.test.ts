import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";

interface TaskPage {
  readonly items: readonly { readonly id: number; readonly title: string; readonly version: number }[];
  readonly total: number;
}

describeApplications("a second user sees nothing of the first", { smoke: true }, (stage) => {
  it("gets an empty list, 403 on the other's URL and 404 for the other's task under their own", async () => {
    const ada = await stage.person("Ada");
    await ada.signUp();
    await ada.addTask("A secret of Ada");
    const adasId = await ada.userId();
    const before = (await ada.askApi(`/api/${adasId}/tasks`)).body as TaskPage;
    const taskId = before.items[0]?.id ?? 0;
    expect(before.total).toBe(1);

    const ben = await stage.person("Ben");
    await ben.signUp();
    await ben.page.getByText("No tasks yet").waitFor();
    expect(await ben.page.getByText("A secret of Ada").count()).toBe(0);
    const bensId = await ben.userId();

    for (const [method, path, json] of [
      ["GET", "", undefined],
      ["POST", "", { title: "from Ben" }],
      ["GET", `/${taskId}`, undefined],
      ["PUT", `/${taskId}`, { title: "x", description: null, completed: true }],
      ["PATCH", `/${taskId}`, { title: "x" }],
      ["PATCH", `/${taskId}/complete`, {}],
      ["DELETE", `/${taskId}`, undefined],
    ] as const) {
      const init = { method, ...(json === undefined ? {} : { json }) };
      const foreign = await ben.askApi(`/api/${adasId}/tasks${path}`, init);
      expect({ method, path, status: foreign.status }).toEqual({ method, path, status: 403 });
      expect(foreign.body).toMatchObject({ code: "wrong_subject" });
      if (path === "") continue;
      const hidden = await ben.askApi(`/api/${bensId}/tasks${path}`, init);
      expect({ method, path, status: hidden.status }).toEqual({ method, path, status: 404 });
      expect(hidden.body).toMatchObject({ code: "not_found" });
    }

    expect((await ada.askApi(`/api/${adasId}/tasks`)).body).toEqual(before);
    await ben.page.reload();
    await ben.page.getByText("No tasks yet").waitFor();
  });
});

describeApplications("users of one device", {}, (stage) => {
  it("who signs in after another on the same device sees their own tasks only", async () => {
    const ada = await stage.person("Ada");
    await ada.signUp();
    await ada.addTask("Left by Ada");
    await ada.signOut();

    await ada.page.goto("/sign-up");
    await ada.page.getByLabel("Name", { exact: true }).fill("Ben");
    await ada.page.getByLabel("Email", { exact: true }).fill(`ben-${ada.email}`);
    await ada.page.getByLabel("Password", { exact: true }).fill("another-good-password");
    await ada.page.getByRole("button", { name: "Create account" }).click();
    await ada.page.waitForURL("**/tasks");
    await ada.page.getByText("No tasks yet").waitFor();
    expect(await ada.page.getByText("Left by Ada").count()).toBe(0);
  });

  it("the page of who was there before empties itself when a link has signed another one in, of which no form tells", async () => {
    const ada = await stage.person("Ada");
    await ada.signUp();
    await ada.addTask("Left by Ada");
    const signUp = await ada.context.request.post("/api/auth/sign-up/email", {
      headers: { origin: stage.addresses.webOrigin },
      data: { name: "Ben", email: `ben-${ada.email}`, password: "another-good-password" },
    });
    expect(signUp.status()).toBe(200);
    const another = await ada.context.newPage();
    await another.goto("/tasks");
    await another.getByText("No tasks yet").waitFor();
    await ada.page.getByText("No tasks yet").waitFor();
    expect(await ada.page.getByText("Left by Ada").count()).toBe(0);
  });
});
