import { expect, test } from "vitest";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import type { RejectEvent } from "../../src/token/verifier-options.ts";
import { contractFile } from "../contract-files.ts";
import { now, options, token, tokenOfHeader } from "../sample-token.ts";

async function eventOf(text: string): Promise<RejectEvent | undefined> {
  const events: RejectEvent[] = [];
  const verifier = createVerifier({ ...options, onReject: (event) => events.push(event) });
  await expect(verifier.verify(text)).rejects.toBeDefined();
  return events[0];
}

test("alg and kid are told in printable ASCII, cut to the contract's length", async () => {
  const { token: defaults } = contractFile<{ token: Record<string, { value: number }> }>("defaults.json");
  const event = await eventOf(token({}, { kid: `a\r\nSet-Cookie: ü\u001b${"x".repeat(100)}` }));
  expect(event).toMatchObject({ code: "unknown_key", alg: "HS256" });
  expect(event?.kid).toHaveLength(defaults.reject_event_characters?.value ?? 0);
  expect(event?.kid).toMatch(/^a\?\?Set-Cookie: \?\?x+$/);
});

test("a character beyond the first 65536 is one, and so is what is told of it", async () => {
  expect(await eventOf(token({}, { kid: "a\u{1f600}" }))).toMatchObject({ kid: "a?" });
  expect(await eventOf(token({}, { kid: "\u{1f600}".repeat(65) }))).toMatchObject({ kid: "?".repeat(64) });
  expect(await eventOf(token({}, { kid: "\u{1f600}".repeat(40) }))).toMatchObject({ kid: "?".repeat(40) });
});

test("alg and kid that are no texts, and a header that cannot be read, are left out", async () => {
  expect(await eventOf(token({}, { alg: ["HS256"], kid: {} }))).toEqual({ code: "unsupported_alg", at: now });
  expect(await eventOf(tokenOfHeader('{"alg":"HS256","alg":"none"}'))).toEqual({
    code: "malformed",
    at: now,
  });
  expect(await eventOf("a.b")).toEqual({ code: "malformed", at: now });
  expect(await eventOf("x".repeat(9000))).toEqual({ code: "too_large", at: now });
});

test("a token for another API tells the audience that it names and the one that was expected", async () => {
  const expected = { expectedAudience: options.audience };
  expect(await eventOf(token({ aud: "https://other.test" }))).toMatchObject({
    code: "wrong_audience",
    audience: "https://other.test",
    ...expected,
  });
  expect(await eventOf(token({ aud: ["a", "b"] }, { kid: "another" }))).toMatchObject({
    code: "unknown_key",
    audience: "a b",
    ...expected,
  });
  const event = await eventOf(token({ aud: `a\r\nü${"x".repeat(300)}` }, { kid: "another" }));
  expect(event?.audience).toBe(`a???${"x".repeat(252)}`);
});

test("a token of another issuer tells the issuer that it names and the one that was expected", async () => {
  expect(await eventOf(token({ iss: "https://other.test/\n" }))).toMatchObject({
    code: "wrong_issuer",
    issuer: "https://other.test/?",
    expectedIssuer: options.issuer,
  });
  expect(await eventOf(token({ aud: "x" }))).not.toHaveProperty("expectedIssuer");
});

test.each([
  ["a payload without aud", token({ aud: undefined }, { kid: "another" })],
  ["an aud that holds more than strings", token({ aud: ["a", 1] }, { kid: "another" })],
  ["a payload that cannot be read", `${token({}, { kid: "another" }).split(".")[0]}.e30x.AAAA`],
  ["a refusal for another reason", token({ aud: "https://other.test", exp: now - 1 })],
])("%s tells no audience", async (_, text) => {
  const event = await eventOf(text);
  expect(event).toBeDefined();
  expect(event).not.toHaveProperty("audience");
  expect(event).not.toHaveProperty("expectedAudience");
});
