import { toNextJsHandler } from "better-auth/next-js";
import { auth } from "../../../../lib/auth.ts";
import { isUsedAuthPath } from "../../../../lib/auth-paths.ts";
import { keepClientAddress } from "../../../../lib/client-address.ts";
import { configuration } from "../../../../lib/configuration.ts";
import { identified } from "../../../../lib/request-id.ts";

async function handle(request: Request): Promise<Response> {
  if (!isUsedAuthPath(new URL(request.url).pathname)) return new Response("Not Found", { status: 404 });
  keepClientAddress(request.headers, configuration().trustedProxies);
  return auth().handler(request);
}

export const { GET, POST } = toNextJsHandler(identified(handle));
