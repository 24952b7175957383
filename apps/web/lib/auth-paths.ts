/** What this application uses of Better Auth, under `/api/auth`; `*` stands for one segment. */
const usedPaths = [
  "/sign-in/email",
  "/sign-in/social",
  "/callback/*",
  "/sign-up/email",
  "/sign-out",
  "/get-session",
  "/list-sessions",
  "/revoke-session",
  "/revoke-sessions",
  "/revoke-other-sessions",
  "/request-password-reset",
  "/reset-password",
  "/reset-password/*",
  "/verify-email",
  "/send-verification-email",
  "/change-password",
  "/update-user",
  "/delete-user",
  "/delete-user/callback",
  "/error",
  "/token",
  "/revocations",
];

const basePath = "/api/auth";

/** Whether Better Auth answers at an address: what the application does not use is off. */
export function isUsedAuthPath(pathname: string): boolean {
  const path = pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : "";
  return usedPaths.includes(path) || usedPaths.includes(path.replace(/[^/]+$/, "*"));
}
