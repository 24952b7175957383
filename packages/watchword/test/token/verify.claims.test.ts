import { describe, expect, test } from "vitest";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import { fixedClock } from "../../src/testing/index.ts";
import { audience, claims, issuer, now, options, token, tokenOfPayload, verdict } from "../sample-token.ts";

describe("CS-12 types of claims", () => {
  test.each([
    ...["iss", "sub", "jti", "sid"].flatMap((name) =>
      [null, 0, true, [], ["user_a"], {}].map((value) => [name, value] as const),
    ),
    ...[null, 1, {}, [1], [audience, null], { [audience]: true }].map((value) => ["aud", value] as const),
    ...["exp", "nbf", "iat"].flatMap((name) =>
      [null, String(now), "", true, [now], { valueOf: now }].map((value) => [name, value] as const),
    ),
  ])("%s %j is invalid_claim", async (name, value) => {
    expect(await verdict(token({ [name]: value }))).toBe("invalid_claim");
  });

  test("a number beyond every number is invalid_claim", async () => {
    expect(await verdict(tokenOfPayload(JSON.stringify(claims).replace(String(claims.exp), "1e999")))).toBe(
      "invalid_claim",
    );
  });
});

describe("CS-13 required claims", () => {
  test.each(["iss", "aud", "sub", "exp", "iat"])("without %s it is missing_claim", async (name) => {
    expect(await verdict(token({ [name]: undefined }))).toBe("missing_claim");
  });

  test("a missing sub says so", async () => {
    const refused = createVerifier(options).verify(token({ sub: undefined, user_id: "user_a" }));
    await expect(refused).rejects.toMatchObject({
      variant: "sub",
      message: "Token missing user ID (sub claim).",
    });
  });

  test("iss and aud are not demanded where they are switched off", async () => {
    expect(await verdict(token({ iss: undefined, aud: undefined }), { issuer: null, audience: null })).toBe(
      "accepted",
    );
  });

  test("configured claims are demanded on top, and sub, exp, iat stay demanded", async () => {
    expect(await verdict(token({ jti: undefined }), { requiredClaims: ["jti"] })).toBe("missing_claim");
    expect(await verdict(token({ exp: undefined }), { requiredClaims: [] })).toBe("missing_claim");
  });
});

describe("CS-14 times", () => {
  test("a token is refused at the very second it expires", async () => {
    expect(await verdict(token({ exp: now + 1 }))).toBe("accepted");
    expect(await verdict(token({ exp: now }))).toBe("expired");
  });

  test("times are compared as real numbers", async () => {
    expect(await verdict(token({ exp: now + 0.5 }))).toBe("accepted");
    expect(await verdict(token({ exp: now - 0.5 }))).toBe("expired");
    expect(await verdict(token(), { clock: fixedClock(claims.exp - 0.001) })).toBe("accepted");
  });

  test("the tolerance moves each edge by itself", async () => {
    const clockToleranceSeconds = 30;
    expect(await verdict(token({ exp: now - 29 }), { clockToleranceSeconds })).toBe("accepted");
    expect(await verdict(token({ exp: now - 30 }), { clockToleranceSeconds })).toBe("expired");
    expect(await verdict(token({ nbf: now + 30 }), { clockToleranceSeconds })).toBe("accepted");
    expect(await verdict(token({ nbf: now + 31 }), { clockToleranceSeconds })).toBe("not_yet_valid");
    expect(await verdict(token({ iat: now + 30 }), { clockToleranceSeconds })).toBe("accepted");
    expect(await verdict(token({ iat: now + 31 }), { clockToleranceSeconds })).toBe("not_yet_valid");
  });

  test("without tolerance nbf and iat may be now, not later", async () => {
    expect(await verdict(token({ nbf: now, iat: now }))).toBe("accepted");
    expect(await verdict(token({ nbf: now + 1 }))).toBe("not_yet_valid");
    expect(await verdict(token({ iat: now + 1 }))).toBe("not_yet_valid");
  });

  test("a token that expires before it was issued is invalid_claim", async () => {
    expect(await verdict(token({ iat: now + 20, exp: now + 20 }), { clockToleranceSeconds: 30 })).toBe(
      "invalid_claim",
    );
  });

  test("seven days of life are accepted, a second more is invalid_claim", async () => {
    expect(await verdict(token({ iat: now, exp: now + 604_800 }))).toBe("accepted");
    expect(await verdict(token({ iat: now, exp: now + 604_801 }))).toBe("invalid_claim");
    expect(await verdict(token({ exp: 1e30 }))).toBe("invalid_claim");
  });

  test("expired comes before not_yet_valid", async () => {
    expect(await verdict(token({ exp: now - 1, nbf: now + 100, iat: now + 100 }))).toBe("expired");
  });
});

test.each([`${issuer}/`, issuer.slice(0, -1), "", `${issuer} `, `${issuer}:443`, issuer.toUpperCase()])(
  "CS-15 iss %j is wrong_issuer",
  async (iss) => {
    expect(await verdict(token({ iss }))).toBe("wrong_issuer");
  },
);

describe("CS-16 audience", () => {
  test.each([
    `${audience}/`,
    audience.toUpperCase(),
    "",
    `${audience},b`,
    [],
    [""],
    ["b"],
    "better-auth:session-cache",
  ])("aud %j is wrong_audience", async (aud) => {
    expect(await verdict(token({ aud }))).toBe("wrong_audience");
  });

  test("one of several is enough on either side", async () => {
    expect(await verdict(token({ aud: ["b", audience] }))).toBe("accepted");
    expect(await verdict(token(), { audience: ["b", audience] })).toBe("accepted");
  });

  test("Better Auth's session cookie is wrong_type even beside a good audience or without a configured one", async () => {
    expect(await verdict(token({ aud: [audience, "better-auth:session-cache"] }))).toBe("wrong_type");
    expect(await verdict(token({ aud: "better-auth:session-cache" }), { audience: null })).toBe("wrong_type");
  });
});

describe("CS-17 ids", () => {
  test.each([
    "",
    " ",
    "user_a ",
    " user_a",
    "user_a\u00a0",
    "user_a\0",
    "user_a\n",
    "user\u001b[31m_a",
    "user_a\u0085",
    "user_a\u200b",
    "\u202euser_a",
    "a/b",
    "a\\b",
    "user_a#x",
    "a?b",
    "a%2fb",
    ".",
    "..",
    "u".repeat(256),
    "😀".repeat(256),
  ])("sub %j is invalid_claim", async (sub) => {
    expect(await verdict(token({ sub }))).toBe("invalid_claim");
  });

  test.each(["u".repeat(255), "😀".repeat(255), "...", "a b", "a+b@example.test", "1"])(
    "sub %j is accepted",
    async (sub) => {
      expect(await verdict(token({ sub }))).toBe("accepted");
    },
  );

  test.each(["jti", "sid"])("%s is neither empty nor with control characters", async (name) => {
    expect(await verdict(token({ [name]: "" }))).toBe("invalid_claim");
    expect(await verdict(token({ [name]: "a\r\nb" }))).toBe("invalid_claim");
  });
});

test.each([{ jkt: "x" }, null, "x"])("CS-18 cnf %j is sender_constrained", async (cnf) => {
  expect(await verdict(token({ cnf }))).toBe("sender_constrained");
});
