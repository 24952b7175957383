import { createServer, type IncomingMessage } from "node:http";
import { getRouteMatcher } from "next/dist/shared/lib/router/utils/route-matcher.js";
import { getRouteRegex } from "next/dist/shared/lib/router/utils/route-regex.js";
import { NextRequest } from "next/server.js";
import * as adapter from "../../src/adapters/next.ts";
import {
  type AdapterRoute,
  adapterSuite,
  type Listening,
  listening,
  optionsOf,
  routes,
  verifier,
} from "./adapter-suite.ts";

/** What a `route.ts` would export for this route. */
function routeHandler({ guards }: AdapterRoute): adapter.Route {
  const answer = async (_request: NextRequest, { identity }: adapter.AuthContext) =>
    Response.json({ caller: identity.userId });
  const [[first, ...how] = ["authenticate"], ...others] = guards;
  if (first === "optionalUser") {
    return adapter.optionalUser(
      verifier,
      (_request, { identity }) => Response.json({ caller: identity?.userId ?? null }),
      optionsOf(how),
    );
  }
  const guarded = others.reduceRight<adapter.Route<adapter.AuthContext>>((inner, [name, ...given]) => {
    if (name === "requireSelf") return adapter.requireSelf(given[0] ?? "", inner);
    if (name === "requireScope") return adapter.requireScope(given, inner);
    return adapter.requireRole(given, inner);
  }, answer);
  return adapter.authenticate(verifier, guarded, optionsOf(how));
}

/** As Next.js makes it: of a repeated header Node keeps the first, and the target becomes a URL. */
function nextRequest(incoming: IncomingMessage): NextRequest {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value));
  return new NextRequest(new URL(incoming.url ?? "/", "http://localhost"), { headers });
}

adapterSuite("next", () => {
  const served = routes.map((route) => ({
    match: getRouteMatcher(getRouteRegex(route.path.replace("{user_id}", "[user_id]"))),
    handler: routeHandler(route),
  }));
  async function answer(incoming: IncomingMessage): Promise<Response> {
    const request = nextRequest(incoming);
    for (const { match, handler } of served) {
      const params = match(request.nextUrl.pathname);
      if (params !== false) return handler(request, { params: Promise.resolve(params) });
    }
    return new Response(null, { status: 404 });
  }
  const server = createServer(async (incoming, outgoing) => {
    const response = await answer(incoming).catch(() => new Response(null, { status: 500 }));
    outgoing.writeHead(response.status, [...response.headers].flat());
    outgoing.end(await response.text());
  });
  return new Promise<Listening>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(listening(server)));
  });
});
