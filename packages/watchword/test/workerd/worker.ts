// A worker that says who calls: it runs in Cloudflare's workerd.
import {
  createRevocationFeed,
  createVerifier,
  type FeedEvent,
  type KeySetEvent,
  WatchwordError,
} from "../../src/index.ts";

interface Bindings {
  readonly ISSUER: string;
  readonly KEY: string;
  readonly JWKS_URL: string;
}

let events: (FeedEvent | KeySetEvent)[] = [];
const onEvent = (event: FeedEvent | KeySetEvent) => {
  events.push(event);
};

function made(bindings: Bindings) {
  const { ISSUER: issuer, KEY: key } = bindings;
  const audience = "http://localhost:8000";
  const feed = createRevocationFeed({ issuer, key, onEvent });
  // As everywhere else, though nothing can run here before a request.
  feed.start();
  return {
    keys: createVerifier({ issuer, audience, jwksUrl: bindings.JWKS_URL, onEvent }),
    twins: createVerifier({ issuer, audience, jwksUrl: `${bindings.JWKS_URL}/twins`, onEvent }),
    cold: createVerifier({ issuer, audience, jwksUrl: `${bindings.JWKS_URL}/held`, onEvent }),
    redirected: createVerifier({ issuer, audience, jwksUrl: `${bindings.JWKS_URL}/moved`, onEvent }),
    feed: createVerifier({ issuer, audience, key, revocation: feed }),
  };
}

let verifiers: ReturnType<typeof made> | undefined;

export default {
  async fetch(request: Request, bindings: Bindings): Promise<Response> {
    verifiers ??= made(bindings);
    const name = new URL(request.url).pathname.slice(1) as keyof typeof verifiers;
    const token = request.headers.get("authorization")?.slice("Bearer ".length) ?? "";
    events = [];
    try {
      const { userId } = await verifiers[name].verify(token);
      return Response.json({ userId, events });
    } catch (error) {
      const code = error instanceof WatchwordError ? error.code : String(error);
      return Response.json({ code, events });
    }
  },
};
