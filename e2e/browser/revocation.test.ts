import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";

describeApplications("a sign-out ends what other tabs may do", (stage) => {
  it("the next call of another tab is refused within 2 s, although its token has not expired", async () => {
    const ada = await stage.person("Ada");
    await ada.signUp();
    const other = await ada.context.newPage();
    await other.goto("/tasks");
    // What the page of the other tab holds in its memory.
    const held = await other.evaluate(async () => {
      const answer = await fetch("/api/auth/token");
      const { token } = (await answer.json()) as { token: string };
      const [, payload = ""] = token.split(".");
      const { sub } = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))) as { sub: string };
      return { token, userId: sub };
    });
    const call = () =>
      other.evaluate(
        async ({ origin, token, userId }) => {
          const answer = await fetch(`${origin}/api/${userId}/tasks`, {
            headers: { Authorization: `Bearer ${token}` },
          });
          const { code } = (await answer.json()) as { code?: string };
          return `${answer.status} ${code ?? "accepted"}`;
        },
        { origin: stage.addresses.apiOrigin, ...held },
      );
    expect(await call()).toBe("200 accepted");
    await ada.signOut();
    const start = performance.now();
    let said = await call();
    while (said !== "401 revoked" && performance.now() - start < 2000) said = await call();
    expect(said).toBe("401 revoked");
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
