import { type ListenToSession, sessionChange } from "../session-change.ts";

/** What is used of Better Auth's client, the object that `createAuthClient()` gives. */
export interface SessionClient {
  readonly $store: {
    listen(signal: string, listener: () => void): unknown;
  };
}

/** Better Auth toggles it after every request that may have changed the session, its plugins' too. */
const signalName = "$sessionSignal";
const channelName = "watchword.token";
/** Better Auth's signal comes 10 ms after the answer that `watchwordClient()` has told of already, in milliseconds. */
const echoMilliseconds = 100;

/** What is done about a session that has changed. */
export interface SessionListener {
  /** The session is another one. */
  changed(): void;
  /** The second signal of one change, or the first one of another. */
  mayHaveChanged(): void;
}

/**
 * Tells whenever the session of this browser has changed: by this client, and in the other tabs by theirs.
 */
export function watchSession(authClient: SessionClient, listener: SessionListener): void {
  const { $store } = authClient;
  const channel = openChannel(listener);
  const tell = (what: keyof SessionListener) => {
    listener[what]();
    channel?.postMessage(what);
  };
  let toldAt = Number.NEGATIVE_INFINITY;
  earlySignal($store)?.(() => {
    toldAt = Date.now();
    tell("changed");
  });
  // A store calls back at once, with the value that it has.
  let isListening = false;
  $store.listen(signalName, () => {
    if (!isListening) return;
    tell(Math.abs(Date.now() - toldAt) > echoMilliseconds ? "changed" : "mayHaveChanged");
  });
  isListening = true;
}

/**
 * What `watchwordClient()` has put there. Where it has not, Better Auth's client gives a function that would send a request:
 * each of its members is another one of that kind, also its `length`.
 */
function earlySignal(store: SessionClient["$store"]): ListenToSession | undefined {
  const listen = (store as { readonly [sessionChange]?: ListenToSession })[sessionChange];
  return typeof listen === "function" && typeof listen.length === "number" ? listen : undefined;
}

function openChannel(listener: SessionListener): BroadcastChannel | undefined {
  if (typeof BroadcastChannel !== "function") return undefined;
  const channel = new BroadcastChannel(channelName);
  channel.onmessage = ({ data }) =>
    data === "mayHaveChanged" ? listener.mayHaveChanged() : listener.changed();
  // In Node.js an open channel would keep the process.
  (channel as { unref?: () => void }).unref?.();
  return channel;
}
