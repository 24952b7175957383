/** A case that this runner does not understand: it has failed, and says why. */
export class CannotRun extends Error {}

export function codeOf(error) {
  return error.code;
}

/**
 * @param expect `{ result, reason, reason_also_ok, subject }`; a `subject` of `null` is nobody.
 * @param got `{ code }` of a refusal, or `{ identity }`, `null` for an anonymous request.
 * @returns `undefined` where they agree.
 */
export function compare(expect, got) {
  const accepted = got.code === undefined;
  const who = accepted ? (got.identity?.userId ?? null) : undefined;
  if (expect.result === "accept") {
    if (!accepted) return { expected: "accept", got: got.code };
    if (expect.subject === undefined || expect.subject === who) return undefined;
    return { expected: `accept:${expect.subject}`, got: `accept:${who}` };
  }
  if (expect.result !== "reject") throw new CannotRun(`unknown result ${expect.result}`);
  const reasons = [expect.reason, ...(expect.reason_also_ok ?? [])];
  if (!accepted && reasons.includes(got.code)) return undefined;
  return { expected: reasons.join("|"), got: accepted ? "accept" : got.code };
}
