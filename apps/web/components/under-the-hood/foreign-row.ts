/** The highest number that a row can have (contract, HTTP rule 3): surely not the user's own. */
export const highestRow = "999999999";

/**
 * The number of a row that is not among the user's own tasks, by the newest page of them: the smallest where the page holds all
 * of them, otherwise the one above the newest, for older ones are unknown.
 */
export function foreignRow(listBody: string): string {
  const list = readList(listBody);
  if (list === null) return highestRow;
  const own = new Set(list.items.map(({ id }) => id));
  let row = list.items.length < list.total ? Math.max(0, ...own) + 1 : 1;
  while (own.has(row)) row += 1;
  return String(Math.min(row, Number(highestRow)));
}

interface List {
  readonly items: ReadonlyArray<{ readonly id: number }>;
  readonly total: number;
}

/** `null` for a refusal. */
function readList(body: string): List | null {
  try {
    const { items, total } = JSON.parse(body) as Partial<List>;
    return items && total !== undefined ? { items, total } : null;
  } catch {
    return null;
  }
}
