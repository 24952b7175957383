"use client";

import { useEffect, useState } from "react";

/** Whole seconds until a moment in epoch milliseconds of this device, never below 0. */
export function useRemainingSeconds(endsAt: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.ceil((endsAt - now) / 1000));
}
