"use client";

import { useRef } from "react";

/** How long an empty form that is sent belongs to the success before it, in milliseconds. */
const echoMs = 1_000;

/**
 * Tells the second submit of one gesture from a form that somebody sends empty: a double click, or a key that is held down, sends
 * the form again that its first submit has emptied. Nobody has forgotten to write, so nothing is to be said.
 */
export function useEcho(): { readonly noteSuccess: () => void; readonly isEcho: () => boolean } {
  const sentAt = useRef(Number.NEGATIVE_INFINITY);
  const noteSuccess = () => {
    sentAt.current = performance.now();
  };
  return {
    noteSuccess,
    isEcho() {
      const echo = performance.now() - sentAt.current < echoMs;
      if (echo) noteSuccess();
      return echo;
    },
  };
}
