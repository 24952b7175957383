import type { BetterAuthClientPlugin } from "better-auth/client";
import type { WatchwordPlugin } from "./index.ts";

/** Client side of the plugin: types `authClient.token()`, which resolves with `{ data: TokenAnswer | null, error }`. */
export function watchwordClient() {
  return {
    id: "watchword",
    $InferServerPlugin: {} as WatchwordPlugin,
    pathMethods: { "/token": "GET" },
  } satisfies BetterAuthClientPlugin;
}
