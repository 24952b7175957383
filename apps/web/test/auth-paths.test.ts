import { expect, test } from "vitest";
import { isUsedAuthPath } from "../lib/auth-paths.ts";

test("what the application does not use of Better Auth is off", () => {
  const off = [
    "/api/auth/verify-password",
    "/api/auth/change-email",
    "/api/auth/admin/list-users",
    "/api/auth/update-session",
    "/api/auth/reset-password/x/y",
    "/api/auth/token/",
    "/api/auth//token",
    "/api/auth/*",
    "/api/auth",
    "/token",
  ];
  expect(off.filter(isUsedAuthPath)).toEqual([]);
  const on = [
    "/api/auth/token",
    "/api/auth/sign-in/email",
    "/api/auth/callback/github",
    "/api/auth/reset-password/x",
  ];
  expect(on.filter(isUsedAuthPath)).toEqual(on);
});
