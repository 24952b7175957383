import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { privateSettings, runScript, stopAll } from "./application.ts";

let place: Awaited<ReturnType<typeof privateSettings>>;
beforeEach(async () => {
  place = await privateSettings();
});
afterEach(async () => {
  await stopAll();
  place.remove();
});

describe("npm run admin", () => {
  it.each([[["grant"]], [["promote", "ada@example.test"]], [["grant", "ada@example.test", "more"]]])(
    "tells how it is used when called with %j",
    async (args) => {
      const run = runScript("admin.mjs", place.settings, args);
      expect(await run.ended).toBe(1);
      expect(run.output.stderr.trim()).toBe(
        "Use: npm run admin -- grant EMAIL, or: npm run admin -- revoke EMAIL",
      );
    },
  );

  it("makes nobody an administrator who has not signed up", async () => {
    const run = runScript("admin.mjs", place.settings, ["grant", "ada@example.test"]);
    expect(await run.ended).toBe(1);
    expect(run.output.stderr.trim()).toBe(
      "There is no user with the address ada@example.test. Let them sign up first.",
    );
  });

  it("refuses settings that cannot be right with one sentence", async () => {
    const run = runScript("admin.mjs", { ...place.settings, TOKEN_TTL: "soon" }, [
      "grant",
      "ada@example.test",
    ]);
    expect(await run.ended).toBe(1);
    expect(run.output.stderr.trim()).toMatch(/^TOKEN_TTL .*\.$/);
  });
});
