const secondsPerUnit = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/**
 * Reads a duration: whole seconds, or a whole number with `s`, `m`, `h` or `d`.
 * @returns seconds, or `null` when the text has another form.
 */
export function parseDurationSeconds(text: string): number | null {
  const match = /^(\d{1,9})([smhd]?)$/.exec(text.trim());
  if (!match) return null;
  const unit = (match[2] || "s") as keyof typeof secondsPerUnit;
  return Number(match[1]) * secondsPerUnit[unit];
}
