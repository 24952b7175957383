/** The second press of a double click comes within this time, in milliseconds: the usual setting of desktop systems. */
const gestureMs = 500;
/** How far a hand moves between the two presses, in CSS pixels. Rows stand further apart. */
const slopPixels = 24;

interface Press {
  readonly at: number;
  readonly x: number;
  readonly y: number;
  /** It belongs to the gesture of the press before it. */
  readonly continues: boolean;
}

let last: Press | undefined;

/** Whether the newest press of the pointer is the second, third … of one gesture. */
export function continuesGesture(): boolean {
  return last?.continues ?? false;
}

function notePress({ timeStamp: at, clientX: x, clientY: y }: PointerEvent): void {
  const continues =
    last !== undefined && at - last.at < gestureMs && Math.hypot(x - last.x, y - last.y) <= slopPixels;
  last = { at, x, y, continues };
}

const isOnce = (target: EventTarget | null) => target instanceof Element && target.closest("[data-once]");

/** The second click of a gesture would meet the row that has moved up under the pointer. A key has no `detail`. */
function dropSecondClick(event: MouseEvent): void {
  if (event.detail === 0 || !isOnce(event.target)) return;
  if (!continuesGesture() && event.detail === 1) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** A key that is held down would meet the row that got the focus from the one that is gone. */
function dropRepeatedKey(event: KeyboardEvent): void {
  if (event.repeat && event.key === "Enter" && isOnce(event.target)) event.preventDefault();
}

/**
 * One gesture changes one row: what stands in an element with `data-once` reacts to the first click of a double click, and not
 * to the others, wherever they land. Listens from now on.
 *
 * @returns what ends it
 */
export function guardGestures(): () => void {
  const capture = { capture: true };
  document.addEventListener("pointerdown", notePress, capture);
  document.addEventListener("click", dropSecondClick, capture);
  document.addEventListener("keydown", dropRepeatedKey, capture);
  return () => {
    document.removeEventListener("pointerdown", notePress, capture);
    document.removeEventListener("click", dropSecondClick, capture);
    document.removeEventListener("keydown", dropRepeatedKey, capture);
  };
}
