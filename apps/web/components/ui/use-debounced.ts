"use client";

import { useEffect, useState } from "react";

/** The text as it was when typing paused for `delayMs` milliseconds; an emptied text counts at once. */
export function useDebounced(text: string, delayMs: number): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), delayMs);
    return () => clearTimeout(timer);
  }, [text, delayMs]);
  return text === "" ? "" : settled;
}
