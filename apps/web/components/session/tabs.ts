/** What one tab tells the others of the same browser. */
export type TabNews = "signed-in" | "signed-out";

// One for the page: a channel does not hear itself, but would hear another one of the same page.
let shared: BroadcastChannel | undefined;

function channel(): BroadcastChannel {
  shared ??= new BroadcastChannel("countersign-session");
  return shared;
}

/** Tells the other tabs that the session of this browser is another one now. */
export function tellTabs(news: TabNews): void {
  channel().postMessage(news);
}

/** Listens to the other tabs. @returns what ends it */
export function onTabNews(listener: (news: TabNews) => void): () => void {
  const hear = ({ data }: MessageEvent<unknown>) => {
    if (data === "signed-in" || data === "signed-out") listener(data);
  };
  channel().addEventListener("message", hear);
  return () => channel().removeEventListener("message", hear);
}
