/** Waits until a condition holds, asking again and again; fails after ten seconds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`This did not come to pass: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
