// A verifier behind HTTP in a process of its own: `node verifier-program.ts`, told by `VERIFIER` (JSON) what to be. Who asks it
// to DELETE needs the scope `tasks:write`.
import { createServer } from "node:http";
import {
  authenticate,
  createRevocationFeed,
  createVerifier,
  type FeedOptions,
  requireScope,
  toProblem,
  type VerifierOptions,
  WatchwordError,
} from "watchword";
import { type ClockSettings, scaledClock } from "./scaled-clock.ts";

/** What a verifier is made of; both programs read it. */
export interface VerifierConfiguration {
  readonly port: number;
  readonly clock: ClockSettings;
  readonly issuer: string;
  readonly audience: string;
  readonly secret?: readonly string[];
  readonly jwksUrl?: string;
  /** What opens the feed, where it is followed: its own secret, or what `secret` gives. */
  readonly feed?: Pick<
    FeedOptions,
    "feedSecret" | "pollSeconds" | "staleAfterSeconds" | "refuseAfterSeconds" | "whenUnreachable"
  >;
}

const configuration = JSON.parse(process.env["VERIFIER"] ?? "{}") as VerifierConfiguration;
const { port, issuer, audience, secret, jwksUrl, feed: follow } = configuration;
const clock = scaledClock(configuration.clock);
const feed =
  follow &&
  createRevocationFeed({
    issuer,
    audience,
    clock,
    ...(secret && !follow.feedSecret && { secret }),
    ...follow,
  });
const verifier = createVerifier({
  issuer,
  audience,
  clock,
  ...(secret && { secret }),
  ...(jwksUrl && { jwksUrl }),
  ...(feed && { revocation: feed }),
} satisfies VerifierOptions);
feed?.start();

const server = createServer(async (request, response) => {
  const answer = (status: number, word: string) =>
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify({ word }));
  if (request.url === "/ready") {
    const state = feed?.status().state ?? "none";
    return answer(state === "loading" ? 503 : 200, state);
  }
  try {
    const credentials = request.headersDistinct["authorization"] ?? [];
    const identity = await authenticate(verifier, credentials, "required");
    if (request.method === "DELETE") requireScope(identity, "tasks:write");
    return answer(200, "accepted");
  } catch (error) {
    if (error instanceof WatchwordError) {
      response.setHeaders(new Headers(toProblem(error).headers));
      return answer(error.status, error.code);
    }
    return answer(500, "fault");
  }
});
server.listen(port, "127.0.0.1");
process.on("SIGTERM", () => {
  server.close();
  server.closeAllConnections();
  void feed?.close();
  process.exit(0);
});
