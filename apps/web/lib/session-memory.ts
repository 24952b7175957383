import type { SessionTokens } from "watchword/next";

/** On globalThis: the proxy and the pages are bundled apart and share one memory. */
export const sessionMemory = globalThis as typeof globalThis & { watchwordSessionTokens?: SessionTokens };
