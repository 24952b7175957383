/** Writes one JSON line to stdout, as the API does. Facts are ids and codes, never a token, a secret or a person's data. */
export function log(
  level: "info" | "warn" | "error",
  event: string,
  facts: Readonly<Record<string, unknown>> = {},
  time: Date = new Date(),
): void {
  process.stdout.write(
    `${JSON.stringify({ level, time: time.toISOString(), service: "web", event, ...facts })}\n`,
  );
}
