import type { BetterAuthClientPlugin, ClientStore } from "better-auth/client";
import { type ListenToSession, sessionChange } from "../session-change.ts";
import type { WatchwordPlugin } from "./index.ts";

/** Paths that change the session with a `GET`: links that were sent by email. */
const linkPaths = /\/(?:verify|magic-link|callback)/;

/**
 * Client side of the plugin: types `authClient.token()`, which resolves with `{ data: TokenAnswer | null, error }`, and tells
 * `createAuthFetch({ authClient })` of a new session before the request that made it resolves.
 */
export function watchwordClient() {
  const listeners: (() => void)[] = [];
  const listen: ListenToSession = (listener) => listeners.push(listener);
  return {
    id: "watchword",
    $InferServerPlugin: {} as WatchwordPlugin,
    pathMethods: { "/token": "GET" },
    // Not Better Auth's own type of the first: TypeScript 5 does not find it equal to itself in a declaration.
    getActions(_fetch: unknown, $store: ClientStore) {
      Object.assign($store, { [sessionChange]: listen });
      return {};
    },
    fetchPlugins: [
      {
        id: "watchword",
        name: "watchword",
        hooks: {
          onSuccess({ request: { method, url } }) {
            if (method.toUpperCase() === "GET" && !linkPaths.test(String(url))) return;
            for (const listener of listeners) listener();
          },
        },
      },
    ],
  } satisfies BetterAuthClientPlugin;
}
