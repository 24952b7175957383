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

const secretSettings = /(?:SECRET|SECRETS|KEY|KEYS|PASSWORD)$/;

/** What a process was told that nobody may read in its log: keys, secrets, and the password of its database. */
export function secretsAmong(environment: Readonly<Record<string, string>>): string[] {
  const { DATABASE_URL: database = "" } = environment;
  const listed = Object.entries(environment)
    .filter(([name]) => secretSettings.test(name))
    .flatMap(([, value]) => value.split(","))
    .map((value) => value.trim().replace(/^\d+:/, ""));
  const password = URL.canParse(database) ? decodeURIComponent(new URL(database).password) : "";
  // A word that is no secret anywhere else may stand in any log.
  return [...listed, password].filter((secret) => secret.length >= 16);
}

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
