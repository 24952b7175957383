/** What must not be found in a log, beside what looks like a token. */
export interface Forbidden {
  /** Values that must occur nowhere: secrets, cookie values, passwords. */
  readonly secrets: readonly string[];
}

const shapes: readonly (readonly [what: string, shape: RegExp])[] = [
  ["a token", /eyJ[A-Za-z0-9_-]{8,}/],
  ["a credential", /\bbearer\s+[A-Za-z0-9._-]{16,}/i],
  ["a session cookie", /session_token=[^\s"';]{8,}/],
];

/** Names what a log gives away, one line per finding; the value itself is not repeated. */
export function secretsIn(log: string, forbidden: Forbidden): string[] {
  return log.split("\n").flatMap((line, index) => {
    const found = shapes.filter(([, shape]) => shape.test(line)).map(([what]) => what);
    if (
      forbidden.secrets.some((secret) => line.includes(secret) || line.includes(encodeURIComponent(secret)))
    )
      found.push("a secret value");
    return found.map((what) => `line ${index + 1} holds ${what}`);
  });
}
