import { type Clock, type NamedEvent, systemClock, toAuditRecord } from "watchword";
import { timestamp } from "./timestamp.ts";

type Severity = "INFO" | "WARN" | "ERROR";

/** By their names in `contract/events.json`; `undefined` is left out. Never a token, a header, a query or a body. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Where events go: each is one of `contract/events.json`. */
export interface Log {
  /** What happens as it should. */
  info(event: string, attributes?: Attributes): void;
  /** What may need a look. */
  warn(event: string, attributes?: Attributes): void;
  /** What somebody should look at. */
  error(event: string, attributes?: Attributes): void;
  /** An event that the package tells, with its own time. */
  audit(event: NamedEvent): void;
}

/** Writes one JSON object per line. */
export class JsonLog implements Log {
  readonly #write: (line: string) => void;
  readonly #clock: Clock;

  constructor(write: (line: string) => void = writeToStdout, clock: Clock = systemClock) {
    this.#write = write;
    this.#clock = clock;
  }

  info(event: string, attributes: Attributes = {}): void {
    this.#tell("INFO", event, attributes);
  }

  warn(event: string, attributes: Attributes = {}): void {
    this.#tell("WARN", event, attributes);
  }

  error(event: string, attributes: Attributes = {}): void {
    this.#tell("ERROR", event, attributes);
  }

  audit(event: NamedEvent): void {
    const { timestamp: time, severity, ...record } = toAuditRecord(event);
    this.#line(time, severity, record);
  }

  #tell(severity: Severity, event: string, attributes: Attributes): void {
    this.#line(timestamp(this.#clock), severity, { "event.name": event, ...attributes });
  }

  #line(time: string, severity: Severity, record: Attributes): void {
    const line = { timestamp: time, severity, "service.name": "watchword-api", ...record };
    this.#write(`${JSON.stringify(line)}\n`);
  }
}

/** Drops everything. */
export const silentLog: Log = { info() {}, warn() {}, error() {}, audit() {} };

function writeToStdout(line: string): void {
  process.stdout.write(line);
}
