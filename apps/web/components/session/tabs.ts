/**
 * What one tab tells the others of the same browser: that somebody has signed in or out, or for whom it has been opened. The last
 * because a link of a letter or another service signs in too, without a form of ours.
 */
export type TabNews = "signed-in" | "signed-out" | { readonly openedFor: string };

// One for the page: a channel does not hear itself, but would hear another one of the same page.
let shared: BroadcastChannel | undefined;

function channel(): BroadcastChannel {
  shared ??= new BroadcastChannel("watchword-session");
  return shared;
}

/** Tells the other tabs that the session of this browser is another one now. */
export function tellTabs(news: TabNews): void {
  channel().postMessage(news);
}

/**
 * Listens to the other tabs for news that this page, made for `userId`, belongs to nobody any more.
 * @returns what ends it
 */
export function onOtherSession(userId: string, listener: () => void): () => void {
  const hear = ({ data }: MessageEvent<unknown>) => {
    const openedFor = (data as { openedFor?: unknown } | null)?.openedFor;
    const opened = typeof openedFor === "string" && openedFor !== userId;
    if (data === "signed-in" || data === "signed-out" || opened) listener();
  };
  channel().addEventListener("message", hear);
  return () => channel().removeEventListener("message", hear);
}
