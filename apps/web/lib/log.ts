type Severity = "INFO" | "WARN" | "ERROR";

/** By their names in `contract/events.json`; `undefined` is left out. Ids and codes, never a token, a secret or a person's data. */
type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Writes one of the events of `contract/events.json` as one JSON line to stdout, as the API does. */
export function log(severity: Severity, event: string, attributes: Attributes = {}): void {
  writeLine(new Date().toISOString(), severity, { "event.name": event, ...attributes });
}

/** @param time RFC 3339 */
export function writeLine(time: string, severity: Severity, record: Attributes): void {
  const line = { timestamp: time, severity, "service.name": "watchword-web", ...record };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
