import { describe, expect, it } from "vitest";
import { createVerifier, verifierOptionsFromEnvironment } from "../../src/index.ts";
import { issue, issuer, plugin, realAuth, secret, signUp } from "./real-auth.ts";

async function warnings(options: Parameters<typeof plugin>[0]) {
  const told: string[] = [];
  await realAuth({
    logger: { log: (level, message) => void (level === "warn" && told.push(message)) },
    plugins: [plugin(options)],
  });
  return told;
}

describe("an issuer that is not the origin of baseURL", () => {
  it.each([`${issuer}/api/auth`, "https://other.test", `${issuer}:8443`])(
    "is warned of: %s",
    async (name) => {
      expect(await warnings({ issuer: name })).toEqual([
        expect.stringContaining(`issuer is ${name}, and the origin of baseURL is ${issuer}.`),
      ]);
    },
  );

  it("is none where only a slash at the end tells them apart", async () => {
    expect(await warnings({ issuer: `${issuer}/` })).toEqual([]);
  });
});

describe("an audience with a slash at its end", () => {
  it.each([
    ["https://api.test/", "https://api.test"],
    ["https://api.test", "https://api.test/"],
    ["https://api.test/", "https://api.test/"],
  ])("%s of the plugin and API_AUDIENCE=%s are one", async (audience, setting) => {
    const { auth } = await realAuth({ plugins: [plugin({ issuer: `${issuer}/`, audience })] });
    const { token } = await issue(auth, await signUp(auth));
    const verifier = createVerifier(
      verifierOptionsFromEnvironment({
        BETTER_AUTH_SECRET: secret,
        BETTER_AUTH_URL: `${issuer}/`,
        API_AUDIENCE: setting,
      }),
    );
    expect((await verifier.verify(token)).audience).toEqual(["https://api.test"]);
  });
});
