import { expect, inject, it } from "vitest";
import { mintToken } from "watchword/testing";
import { describeApplications } from "../support/browser-suite.ts";
import { openHood } from "./hood.ts";

const title = "Use a token that has ended";

describeApplications("a token that has ended", { mode: "direct", smoke: true }, (stage) => {
  it("is asked for with the shortest life, sent when that is over, and refused as expired", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await page.clock.install();
    await ada.signUp();
    await openHood(ada);
    const sub = await ada.userId();
    const { webOrigin: iss } = stage.addresses;
    // The minute is over by the clock of the page alone: what comes is a token of the same kind whose minute was an hour ago.
    const iat = Math.floor(Date.now() / 1000) - 3600;
    await page.route("**/api/auth/token?ttlSeconds=60", async (route) => {
      const grant = await (await route.fetch()).json();
      expect(grant).toMatchObject({ expiresIn: 60 });
      const { aud } = JSON.parse(Buffer.from(grant.token.split(".")[1], "base64url").toString());
      const claims = { iss, aud, sub, iat, exp: iat + 60 };
      await route.fulfill({ json: { ...grant, token: mintToken({ ...claims, secret: inject("secret") }) } });
    });
    await page.getByRole("button", { name: `Try it: ${title}` }).click();
    const wait = page.getByRole("timer");
    await wait.waitFor();
    expect(await wait.innerText()).toMatch(/^It is sent in 01:0\d, if you stay here\.$/);
    const answer = page.getByRole("region", { name: `Answer: ${title}` });
    await page.clock.fastForward(59_000);
    expect([await wait.count(), await answer.count()]).toEqual([1, 0]);
    await page.clock.fastForward(10_000);
    await answer.waitFor();
    expect(await answer.innerText()).toMatch(/^401\s+expired[\s\S]*CS-14/);
    expect(await wait.count()).toBe(0);
  });
});
