/** What one tab tells the others of the same browser. */
export type TabNews = "signed-in" | "signed-out";

const channelName = "countersign-session";

/** Tells the other tabs that the session of this browser is another one now. */
export function tellTabs(news: TabNews): void {
  const channel = new BroadcastChannel(channelName);
  channel.postMessage(news);
  channel.close();
}

/** Listens to the other tabs. @returns what ends it */
export function onTabNews(listener: (news: TabNews) => void): () => void {
  const channel = new BroadcastChannel(channelName);
  channel.onmessage = ({ data }) => {
    if (data === "signed-in" || data === "signed-out") listener(data);
  };
  return () => channel.close();
}
