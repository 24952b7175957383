import type { BetterAuthClientPlugin } from "better-auth/client";
import type { CountersignPlugin } from "./index.ts";

/** Client side of the plugin: types `authClient.token()`, which resolves with `{ data: TokenAnswer | null, error }`. */
export function countersignClient() {
  return {
    id: "countersign",
    $InferServerPlugin: {} as CountersignPlugin,
    pathMethods: { "/token": "GET" },
  } satisfies BetterAuthClientPlugin;
}
