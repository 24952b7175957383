/** Browsers hold these names to what they promise (RFC 6265bis §4.1.3). */
const prefix = /^__(?:Secure|Host)-/;

/**
 * The `Cookie` headers that a request may stand for: one for each value of the session cookie. Another one of the same name
 * was planted, by a page of a sibling domain or for another path, and which of the two comes first is no proof of anything.
 *
 * @param cookie the `Cookie` header
 * @param name of the session cookie. Where it has a prefix, one without has no say; where it has none, one with it contradicts.
 */
export function splitSessions(cookie: string, name: string): readonly string[] {
  const others: string[] = [];
  const values = new Set<string>();
  for (const part of cookie.split(";")) {
    const equals = part.indexOf("=");
    const found = part.slice(0, Math.max(0, equals)).trim();
    const same = found === name || (!prefix.test(name) && found.replace(prefix, "") === name);
    if (same) values.add(part.slice(equals + 1).trim());
    else others.push(part.trim());
  }
  return [...values].map((value) => [`${name}=${value}`, ...others].join("; "));
}
