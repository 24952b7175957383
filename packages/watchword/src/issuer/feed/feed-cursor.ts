/** What a verifier has been given. Positions are those of the log. */
export interface FeedCursor {
  /** Everything up to here is settled: nothing comes any more that stands before it. */
  readonly settled: string;
  /** How many rows between `settled` and `last` have been given. */
  readonly given: number;
  /** The last row that has been given. */
  readonly last: string;
}

/** Before the first row. */
export const beginning: FeedCursor = { settled: "", given: 0, last: "" };

const form = /^v1\.([0-9]{29}|)\.([0-9]{1,9})\.([0-9]{29}|)$/;

/** The cursor as verifiers hold it, opaque to them. */
export function writeCursor({ settled, given, last }: FeedCursor): string {
  return Buffer.from(`v1.${settled}.${given}.${last}`, "latin1").toString("base64url");
}

/** @returns `undefined` for a text that is none of {@link writeCursor} */
export function readCursor(text: string): FeedCursor | undefined {
  const [, settled, given, last] = form.exec(Buffer.from(text, "base64url").toString("latin1")) ?? [];
  if (settled === undefined || given === undefined || last === undefined) return undefined;
  return { settled, given: Number(given), last };
}
