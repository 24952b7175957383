/** SQLSTATE or the system's error name, for logs and sentences; `unknown` when there is none. */
export function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "unknown";
  if ("code" in error && typeof error.code === "string" && /^[A-Za-z0-9_.-]{1,128}$/.test(error.code))
    return error.code;
  // Node tries every address of a name and collects what each said.
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return "unknown";
}
