import { readFileSync } from "node:fs";

type TypeName = "string" | "word" | "request_id" | "integer" | "number";

interface EventFile {
  readonly record: Readonly<Record<string, string>>;
  readonly services: Readonly<Record<string, readonly string[]>>;
  readonly types: Readonly<Record<TypeName, string>>;
  readonly attributes: Readonly<Record<string, { readonly name: string; readonly type: TypeName }>>;
  readonly events: readonly {
    readonly name: string;
    readonly side: string;
    readonly severity: readonly string[];
    readonly facts: readonly string[];
    readonly optional: readonly string[];
  }[];
}

const contract = JSON.parse(
  readFileSync(new URL("../../contract/events.json", import.meta.url), "utf8"),
) as EventFile;

/** The services of `contract/events.json`. */
export type Service = "watchword-web" | "watchword-api";

export type LogLine = Readonly<Record<string, string | number>>;

const times = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const typeOf = new Map(Object.values(contract.attributes).map(({ name, type }) => [name, type]));

/** The lines of a log that are records. The web application stands in Next.js, which writes lines of its own at the start. */
export function logLines(log: string): LogLine[] {
  return log
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as LogLine);
}

/** What of a log is not as `contract/events.json` says it; every line of an API has to be a record. */
export function lineFaults(log: string, service: Service): string[] {
  const lines = log.split("\n").filter((line) => line !== "");
  return lines.flatMap((line) => {
    if (!line.startsWith("{")) return service === "watchword-api" ? [`no record: ${line}`] : [];
    return recordFaults(parsed(line), service).map((fault) => `${fault}: ${line}`);
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** What is wrong with one record of a service. */
export function recordFaults(record: unknown, service: Service): string[] {
  if (typeof record !== "object" || record === null) return ["no JSON object"];
  const line = record as LogLine;
  const missing = Object.keys(contract.record).filter((name) => !(name in line));
  const event = contract.events.find(({ name }) => name === line["event.name"]);
  if (missing.length > 0 || event === undefined) return [...missing.map(without), ...known(event)];
  const attributes = Object.keys(line).filter((name) => !(name in contract.record));
  const [needed, optional] = [event.facts, event.optional].map(namesOf);
  const allowed = [...(needed ?? []), ...(optional ?? [])];
  return [
    ...(times.test(String(line["timestamp"])) ? [] : ["timestamp of another form"]),
    ...(event.severity.includes(String(line["severity"])) ? [] : ["another severity"]),
    ...(line["service.name"] === service ? [] : ["another service"]),
    ...(contract.services[service]?.includes(event.side) ? [] : ["event of another side"]),
    ...(needed ?? []).filter((name) => !(name in line)).map(without),
    ...attributes.filter((name) => !allowed.includes(name)).map((name) => `unknown ${name}`),
    ...attributes.filter((name) => !isOfType(line[name], typeOf.get(name))).map((name) => `bad ${name}`),
  ];
}

const without = (name: string) => `without ${name}`;
const known = (event: unknown) => (event === undefined ? ["unknown event"] : []);
const namesOf = (facts: readonly string[]) => facts.map((fact) => contract.attributes[fact]?.name ?? fact);

function isOfType(value: unknown, type: TypeName = "string"): boolean {
  if (type === "integer") return Number.isSafeInteger(value);
  if (type === "number") return Number.isFinite(value);
  return typeof value === "string" && new RegExp(contract.types[type], "u").test(value);
}
