import type { BetterAuthClientPlugin } from "better-auth/client";
import type { countersign } from "./index.ts";

/** Client side of the plugin: types `authClient.token()`, which resolves with `{ data: TokenAnswer | null, error }`. */
export function countersignClient() {
  return {
    id: "countersign",
    $InferServerPlugin: {} as ReturnType<typeof countersign>,
    pathMethods: { "/token": "GET" },
  } satisfies BetterAuthClientPlugin;
}
