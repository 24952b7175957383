const reasons: readonly unknown[] = ["TOKEN_EXPIRED", "INVALID_TOKEN", "USER_NOT_FOUND"];

/** Whether the `error` of an address says that the link of a letter, which led there, was refused: by Better Auth's own words. */
export function isRefusedLink(error: unknown): boolean {
  return reasons.includes(error);
}
