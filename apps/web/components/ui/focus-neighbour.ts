/**
 * Keeps the focus of the keyboard in its list when the row that has it goes away: on a control of the next row, of the one before,
 * or on the page's title when none is left.
 */
export function focusNeighbour(row: Element | null, control: "input" | "button"): void {
  const near = [row?.nextElementSibling, row?.previousElementSibling];
  const next = near.map((one) => one?.querySelector<HTMLElement>(control)).find((one) => one);
  const title = document.querySelector<HTMLElement>("main h1");
  title?.setAttribute("tabindex", "-1");
  (next ?? title)?.focus();
}
