/** Names of attributes as OpenTelemetry has them, where it has one (`contract/events.json`). */
export const attributeNames: Readonly<Record<string, string>> = {
  userId: "user.id",
  sessionId: "session.id",
  actorId: "watchword.actor.id",
  tokenId: "watchword.token.id",
  keyId: "watchword.key.id",
  algorithm: "watchword.key.algorithm",
  audience: "watchword.audience",
  expectedAudience: "watchword.expected_audience",
  issuer: "watchword.issuer",
  expectedIssuer: "watchword.expected_issuer",
  expiresAt: "watchword.token.expires_at",
  signsFrom: "watchword.key.signs_from",
  code: "error.type",
  claim: "watchword.claim",
  reason: "watchword.reason",
  requestId: "http.request.id",
  state: "watchword.feed.state",
  entries: "watchword.feed.entries",
  count: "watchword.feed.count",
  method: "http.request.method",
  route: "http.route",
  status: "http.response.status_code",
  seconds: "http.server.request.duration",
  fault: "watchword.fault",
};

/** What may need a look. Everything else is a day's business, ordinary sign-outs and key rotations too. */
const warnings: ReadonlySet<string> = new Set([
  "watchword.token.refused",
  "watchword.sign_in.refused",
  "watchword.key.unusable",
  "watchword.proxy.refused",
  "watchword.request.refused",
  "watchword.request.denied",
  "watchword.keys.failed",
  "watchword.feed.failed",
  "watchword.user.erase_failed",
]);

/** An event of the issuer, of the proxy, of the published keys or of the feed. */
export interface NamedEvent {
  readonly name: string;
  /** Seconds since 1970. */
  readonly at: number;
}

/** One line of a log: every value is a text or a number. */
export interface AuditRecord {
  /** RFC 3339, in UTC. */
  readonly timestamp: string;
  readonly severity: "INFO" | "WARN";
  readonly "event.name": string;
  readonly [attribute: string]: string | number;
}

/** An event as one flat record, for a JSON line or an OpenTelemetry log record. `service.name` is the application's to add. */
export function toAuditRecord(event: NamedEvent): AuditRecord {
  const { name, at, ...facts } = event;
  const told = Object.entries(facts as Record<string, string | number | undefined>).filter(
    (entry): entry is [string, string | number] => entry[1] !== undefined,
  );
  return {
    timestamp: new Date(at * 1000).toISOString(),
    severity: isWarning(name, facts) ? "WARN" : "INFO",
    "event.name": name,
    ...Object.fromEntries(told.map(([fact, value]) => [attributeNames[fact] ?? fact, value])),
  };
}

function isWarning(name: string, facts: { readonly state?: unknown }): boolean {
  return warnings.has(name) || (/^watchword\.(feed|keys)\.state$/.test(name) && facts.state !== "fresh");
}
