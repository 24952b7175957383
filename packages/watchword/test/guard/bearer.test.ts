import { expect, test } from "vitest";
import { WatchwordError } from "../../src/errors.ts";
import { readBearer } from "../../src/guard/bearer.ts";

function refusal(...values: string[]): Pick<WatchwordError, "code" | "status" | "variant"> {
  try {
    readBearer(values);
  } catch (error) {
    if (error instanceof WatchwordError) return error;
  }
  throw new Error("It was accepted.");
}

test.each(["Bearer a.b.c", "bearer a.b.c", "bEaReR a.b.c", "Bearer  a.b.c"])(
  "reads the token of %j",
  (value) => {
    expect(readBearer([value])).toBe("a.b.c");
  },
);

test("no header at all is missing", () => {
  expect(refusal()).toMatchObject({ code: "missing", status: 401, variant: undefined });
});

test.each([
  "Basic dXNlcjpwYXNz",
  "basic x",
  "Token a.b.c",
  "DPoP a.b.c",
  "Beareer a.b.c",
  "Negotiate \u00ff",
])("%j is another scheme: missing, and the detail says which is expected", (value) => {
  expect(refusal(value)).toMatchObject({
    code: "missing",
    status: 401,
    variant: "scheme",
    message: "This authorization scheme is not supported. Expected: Bearer <token>",
  });
});

test.each([
  "",
  " ",
  "Bearer",
  "Bearer ",
  "Bearer: a.b.c",
  "Bearer\ta.b.c",
  " Bearer a.b.c",
  "Bearer a.b.c ",
  "Bearer a b",
  "Bearer <a.b.c>",
  'Bearer "a.b.c"',
  "Bearer [object Object]",
  "Bearer a.b.c\u0000",
  "Bearer a.b.c\n",
  "a.b.c",
  "\u0412earer a.b.c",
])("%j is bad syntax: malformed, and the detail says the right one", (value) => {
  expect(refusal(value)).toMatchObject({ code: "malformed", status: 401, variant: "credential" });
});

test.each([
  [["Bearer a.b.c", "Bearer a.b.c"]],
  [["Bearer a.b.c", ""]],
  [["Basic x", "Bearer a.b.c"]],
  [["Bearer a.b.c, Bearer d.e.f"]],
  [["Bearer a.b.c,d.e.f"]],
  [["Bearer a.b.c, "]],
])("%j is more than one credential", (values) => {
  expect(refusal(...values)).toMatchObject({ code: "ambiguous_credentials", status: 400 });
});
