import { createAuthClient } from "better-auth/react";
import { watchwordClient } from "watchword/better-auth/client";

/** Better Auth in the browser, on the application's own origin. `authClient.token()` fetches an API token. */
export const authClient = createAuthClient({ plugins: [watchwordClient()] });
