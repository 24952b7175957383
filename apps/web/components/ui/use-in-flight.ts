"use client";

import { useRef } from "react";

/**
 * Starts work for a row, unless the same is under way: two presses before the screen has changed are one change.
 *
 * ```ts
 * const once = useInFlight();
 * once(post.id, () => api.deletePost(post.id));
 * ```
 */
export function useInFlight(): (row: number | string, work: () => Promise<unknown>) => void {
  const rows = useRef(new Set<number | string>());
  return (row, work) => {
    if (rows.current.has(row)) return;
    rows.current.add(row);
    const done = () => void rows.current.delete(row);
    // A failure is told by the work itself.
    work().then(done, done);
  };
}
