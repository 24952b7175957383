/** The smallest row number that is not among the own tasks of this answer: somebody else's row, or nobody's. */
export function firstForeignRow(listBody: string): string {
  const own = new Set(idsIn(listBody));
  let row = 1;
  while (own.has(row)) row += 1;
  return String(row);
}

function idsIn(listBody: string): readonly number[] {
  try {
    const { items } = JSON.parse(listBody) as { items?: ReadonlyArray<{ id: number }> };
    return (items ?? []).map(({ id }) => id);
  } catch {
    return [];
  }
}
