import { describe, expect, test } from "vitest";
import { ConfigurationError } from "../../src/errors.ts";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import { deriveKey } from "../../src/keys/keys.ts";
import { fixedClock, mintToken } from "../../src/testing/index.ts";

const secret = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa";
const issuer = "https://auth.example.test";
const [first, second] = ["https://first.example.test", "https://second.example.test"] as const;
const clock = fixedClock(1_767_225_600);

const mint = (aud: unknown, key?: string) =>
  mintToken({ ...(key === undefined ? { secret } : { key }), clock, iss: issuer, aud });

async function verdict(token: string, audience: string | readonly string[]): Promise<string> {
  const verifier = createVerifier({ issuer, audience, secret, clock });
  return verifier.verify(token).then(
    () => "accepted",
    (error: { code: string }) => error.code,
  );
}

describe("a key derived from the secret", () => {
  test("verifies tokens of its audience", async () => {
    expect(await verdict(mint(first), first)).toBe("accepted");
    expect(await verdict(mint([first, second]), first)).toBe("accepted");
  });

  test("is unknown to the verifier of another audience", async () => {
    expect(await verdict(mint(first), second)).toBe("unknown_key");
    expect(await verdict(mint(second, deriveKey(secret, first)), second)).toBe("unknown_key");
  });

  test("makes no token for the other audience where a verifier takes both", async () => {
    const both = [first, second];
    expect(await verdict(mint(first), both)).toBe("accepted");
    expect(await verdict(mint(second), both)).toBe("accepted");
    expect(await verdict(mint(second, deriveKey(secret, first)), both)).toBe("wrong_audience");
    expect(await verdict(mint([second], deriveKey(secret, first)), both)).toBe("wrong_audience");
  });

  test("is the one of the audience without the slash at its end, as the plugin writes it", async () => {
    expect(await verdict(mint(first), `${first}/`)).toBe("accepted");
    expect(await verdict(mint(first), [second, `${first}/`])).toBe("accepted");
    expect(await verdict(mint(`${first}/`), first)).toBe("unknown_key");
    const verifier = createVerifier({ issuer: `${issuer}/`, audience: first, secret, clock });
    expect((await verifier.verify(mint(first))).userId).toBe("user_1");
  });

  test("needs an audience", () => {
    const build = () => createVerifier({ issuer, audience: null, secret });
    expect(build).toThrow(ConfigurationError);
    expect(build).toThrow("set audience");
    for (const audience of ["", undefined as unknown as string, "\ud800"])
      expect(() => deriveKey(secret, audience)).toThrow(ConfigurationError);
  });
});

describe("unsafeRawSecret", () => {
  const raw = mintToken({ key: secret, header: { kid: undefined }, clock, iss: issuer, aud: undefined });

  test("verifies with the secret itself, without kid and aud", async () => {
    const verifier = createVerifier({ issuer, secret, unsafeRawSecret: true, clock });
    expect((await verifier.verify(raw)).userId).toBe("user_1");
    await expect(verifier.verify(mint(first))).rejects.toMatchObject({ code: "unknown_key" });
  });

  test("still demands an audience that is configured", async () => {
    const verifier = createVerifier({ issuer, audience: first, secret, unsafeRawSecret: true, clock });
    await expect(verifier.verify(raw)).rejects.toMatchObject({ code: "missing_claim" });
  });

  test.each(["true", "false", 1, null])("is true or false, not %j", (value) => {
    const options = { issuer, audience: first, secret, unsafeRawSecret: value as unknown as true };
    expect(() => createVerifier(options)).toThrow("unsafeRawSecret must be true or false.");
  });

  test.each([
    ["no secret", {}],
    ["several secrets", { secret: [secret, secret] }],
    ["a weak secret", { secret: "short" }],
    ["a key beside it", { secret, key: deriveKey(secret, first) }],
    ["public keys beside it, whose audience nothing would demand", { secret, jwks: { keys: [] } }],
  ])("stops the start with %s", (_, keys) => {
    expect(() => createVerifier({ issuer, unsafeRawSecret: true, ...keys })).toThrow(ConfigurationError);
  });
});
