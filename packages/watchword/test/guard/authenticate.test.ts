import { describe, expect, test } from "vitest";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import { authenticate, requireSelf } from "../../src/guard/authenticate.ts";
import { now, options, token } from "../sample-token.ts";

const verifier = createVerifier(options);
const refusedWith = (code: string) => expect.objectContaining({ code });

describe("authenticate", () => {
  test.each(["required", "optional"] as const)("%s: a good token gives the user", async (mode) => {
    expect(await authenticate(verifier, [`Bearer ${token()}`], mode)).toMatchObject({ userId: "user_a" });
  });

  test("required: no credential is missing", async () => {
    await expect(authenticate(verifier, [], "required")).rejects.toEqual(refusedWith("missing"));
  });

  test("optional: no credential is anonymous", async () => {
    expect(await authenticate(verifier, [], "optional")).toBeNull();
  });

  test.each([
    ["an expired token", [`Bearer ${token({ exp: now })}`], "expired"],
    ["Bearer alone", ["Bearer"], "malformed"],
    ["an empty header", [""], "malformed"],
    ["another scheme", ["Basic dXNlcjpwYXNz"], "missing"],
    ["two headers", [`Bearer ${token()}`, `Bearer ${token()}`], "ambiguous_credentials"],
  ])("optional: %s is refused, never anonymous", async (_, values, code) => {
    await expect(authenticate(verifier, values, "optional")).rejects.toEqual(refusedWith(code));
  });
});

describe("authenticate, once the token is known", () => {
  const text = token();

  test.each([
    ["two headers", [`Bearer ${text}`, `Bearer ${text}`], "ambiguous_credentials"],
    ["a second header that is empty", [`Bearer ${text}`, ""], "ambiguous_credentials"],
    ["two credentials in one header", [`Bearer ${text},Bearer ${text}`], "ambiguous_credentials"],
    ["a space behind the token", [`Bearer ${text} `], "malformed"],
    ["no space before it", [`Bearer${text}`], "malformed"],
    ["no scheme", [text], "malformed"],
    ["another scheme", [`Basic ${text}`], "missing"],
    ["another scheme as long as the usual one", [`Digest ${text}`], "missing"],
  ])("%s is refused as ever", async (_, values, code) => {
    await authenticate(verifier, [`Bearer ${text}`], "required");
    await expect(authenticate(verifier, values, "required")).rejects.toEqual(refusedWith(code));
  });

  test.each([`bearer ${text}`, `BEARER  ${text}`, `Bearer ${text}`])("%# is accepted", async (value) => {
    const identity = await authenticate(verifier, [value], "required");
    expect(await authenticate(verifier, [value], "optional")).toBe(identity);
  });

  test("asks once what was revoked", async () => {
    let asked = 0;
    const revocation = { isRevoked: () => ++asked > 2 };
    const asking = createVerifier({ ...options, revocation });
    await authenticate(asking, [`Bearer ${text}`], "required");
    expect(asked).toBe(1);
    await authenticate(asking, [`Bearer ${text}`], "required");
    expect(asked).toBe(2);
    await expect(authenticate(asking, [`Bearer ${text}`], "required")).rejects.toEqual(
      refusedWith("revoked"),
    );
  });

  test("a verifier of one's own is told whether to ask what was revoked", async () => {
    const { verify } = createVerifier({ ...options, revocation: { isRevoked: () => true } });
    const values = [`Bearer ${text}`];
    const how = { revocation: "none" } as const;
    expect(await authenticate({ verify }, values, "required", how)).toMatchObject({ userId: "user_a" });
    await expect(authenticate({ verify }, values, "required")).rejects.toEqual(refusedWith("revoked"));
  });

  test("a verifier of one's own need not recall anything", async () => {
    const own = { verify: verifier.verify };
    expect(await authenticate(own, [`Bearer ${text}`], "required")).toMatchObject({ userId: "user_a" });
  });
});

describe("requireSelf", () => {
  const as = (sub: string) => verifier.verify(token({ sub }));

  test.each(["user_a", "us\u00e9r", "a b", "1"])("lets %j through to their own URL", async (sub) => {
    expect(() => requireSelf(undefined, sub)).toThrow(refusedWith("missing"));
    const identity = await as(sub);
    expect(() => requireSelf(identity, sub)).not.toThrow();
  });

  test.each([
    ["user_a", "user_b"],
    ["user_a", "USER_A"],
    ["user_a", "user_a "],
    ["user_a", "user_a\0"],
    ["user_a", "user_a/x"],
    ["user_a", "user%5Fa"],
    ["user_a", "\uff55ser_a"],
    ["us\u00e9r", "use\u0301r"],
    ["k", "\u212a"],
    ["1", "01"],
    ["user_a", "undefined"],
    ["user_a", ""],
    ["user_a", "."],
    ["user_a", ".."],
    ["user_a", undefined],
  ])("refuses sub %j at the URL of %j", async (sub, userId) => {
    const identity = await as(sub);
    expect(() => requireSelf(identity, userId)).toThrow(refusedWith("wrong_subject"));
  });

  test("nobody is nobody's self", () => {
    expect(() => requireSelf(null, "user_a")).toThrow(refusedWith("missing"));
  });

  test("an id that is no path segment is refused even when it equals sub", async () => {
    const identity = await as("user_a");
    for (const userId of ["a/b", ".", "..", ""]) {
      expect(() => requireSelf({ ...identity, userId }, userId)).toThrow(refusedWith("wrong_subject"));
    }
  });
});
