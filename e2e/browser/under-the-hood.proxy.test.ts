import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";
import { jwtLike } from "../support/jwt-like.ts";
import { openHood, roadInWords } from "./hood.ts";

describeApplications("under the hood, where the token stays on the server", { mode: "proxy" }, (stage) => {
  it("the page says so, and draws the road by way of the web app, with what the API tells of its verification", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await ada.signUp();
    await openHood(ada);
    await page.getByText("This browser holds no token").waitFor();
    const road = roadInWords(ada);
    await road.getByText("It answers with your rows.").waitFor();
    expect(await road.getByRole("listitem").count()).toBe(8);
    expect(await road.innerText()).toMatch(/adds the token of this session[\s\S]*It took/);
    expect(await page.getByRole("button", { name: "Get a new token" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: /^Try it: / }).count()).toBe(3);
    expect(await page.getByRole("main").innerText()).not.toMatch(jwtLike);
  });

  it("every request of the browser goes to the web app, none fetches a token, and many are for the API", async () => {
    const ada = await stage.person("Ada");
    const { page, addresses } = ada;
    const asked: URL[] = [];
    ada.context.on("request", (request) => void asked.push(new URL(request.url())));
    await ada.signUp();
    await ada.addTask("One");
    await openHood(ada);
    await page.getByRole("button", { name: "Try them all" }).click();
    await page.getByRole("region", { name: "Answer: Open another user's row" }).waitFor();
    expect(new Set(asked.map(({ origin }) => origin))).toEqual(new Set([addresses.webOrigin]));
    expect(asked.filter(({ pathname }) => pathname === "/api/auth/token")).toEqual([]);
    expect(asked.filter(({ href }) => href.startsWith(addresses.apiAddress)).length).toBeGreaterThan(3);
  });
});
