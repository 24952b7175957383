/** A case that this runner does not understand: it has failed, and says why. */
export class CannotRun extends Error {}

export function codeOf(error) {
  return error.code;
}

/**
 * @param expect `{ result, reason, reason_also_ok, subject, claims }`; a `subject` of `null` is nobody, and of `claims` those named.
 * @param got `{ code }` of a refusal, or `{ identity }`, `null` for an anonymous request.
 * @returns `undefined` where they agree.
 */
export function compare(expect, got) {
  const accepted = got.code === undefined;
  const who = accepted ? (got.identity?.userId ?? null) : undefined;
  if (expect.result === "accept") {
    if (!accepted) return { expected: "accept", got: got.code };
    if (expect.subject !== undefined && expect.subject !== who)
      return { expected: `accept:${expect.subject}`, got: `accept:${who}` };
    return compareClaims(expect.claims ?? {}, got.identity?.claims);
  }
  if (expect.result !== "reject") throw new CannotRun(`unknown result ${expect.result}`);
  const reasons = [expect.reason, ...(expect.reason_also_ok ?? [])];
  if (!accepted && reasons.includes(got.code)) return undefined;
  return { expected: reasons.join("|"), got: accepted ? "accept" : got.code };
}

function compareClaims(expected, claims) {
  const name = Object.keys(expected).find(
    (name) => JSON.stringify(expected[name]) !== JSON.stringify(claims?.[name]),
  );
  if (name === undefined) return undefined;
  return {
    expected: `accept:${name}=${JSON.stringify(expected[name])}`,
    got: `accept:${name}=${JSON.stringify(claims?.[name])}`,
  };
}
