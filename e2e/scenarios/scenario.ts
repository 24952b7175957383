import { readdirSync, readFileSync } from "node:fs";
import { faultsOf, type Schema } from "../support/json-schema.ts";

/** The scenarios as they stand in contract/scenarios; their form is told there, in README.md and scenario.schema.json. */
const folder = new URL("../../contract/scenarios/", import.meta.url);

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** What must hold of an answer. */
export interface Expectation {
  readonly status?: number | readonly number[];
  readonly code?: string;
  /** Or one placeholder for the list. */
  readonly faults?: readonly string[] | string;
  readonly headers?: Readonly<Record<string, Json>>;
  readonly body?: Json;
  readonly has?: Json;
  readonly text?: string;
  readonly without?: readonly string[];
  readonly sameAs?: string;
  /** The statuses of requests made at the same time, sorted. */
  readonly statuses?: readonly number[];
}

/** How the token of a request differs from a good one. */
export interface TokenShape {
  readonly claims?: Readonly<Record<string, Json>>;
  readonly without?: readonly string[];
  readonly header?: Readonly<Record<string, Json>>;
  readonly key?: string;
}

/** One request and what must come back. */
export interface Ask {
  readonly who?: string | null;
  /** Or one placeholder for it. */
  readonly token?: TokenShape | string;
  readonly authorization?: string | readonly string[];
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly json?: Json;
  readonly body?: string;
  readonly encoding?: "latin1" | "utf16le";
  readonly loose?: boolean;
  readonly times?: number;
  readonly expect: Expectation;
  readonly save?: Readonly<Record<string, string>>;
  readonly saveAnswer?: string;
}

/** Requests that are made at the same time. */
export interface Parallel {
  readonly parallel: readonly Ask[];
  readonly expect?: Expectation;
}

/** Opens a stream of events under a name. */
export interface Open extends Ask {
  readonly open: string;
}

/** The next event of a stream, which must come in time. */
export interface Next {
  readonly next: string;
  readonly within?: number;
  readonly expect: { readonly event: Json; readonly id?: Json; readonly data?: Json };
  readonly save?: Readonly<Record<string, string>>;
}

/** The stream is ended by the service. */
export interface End {
  readonly end: string;
  readonly within?: number;
}

/** The caller leaves a stream. */
export interface Close {
  readonly close: string;
}

export type Step = Ask | Parallel | Open | Next | End | Close;

export interface UserShape {
  readonly id?: string;
  readonly claims?: Readonly<Record<string, Json>>;
}

export interface Scenario {
  readonly name: string;
  /** `ISO-001` … `ISO-136`: the line of the isolation list that this proves. */
  readonly line?: string;
  /** Runs once for each, with its members as variables. */
  readonly each?: readonly Readonly<Record<string, Json>>[];
  readonly users?: Readonly<Record<string, UserShape>>;
  /** Tasks that exist at the beginning, with their owners. */
  readonly given?: Readonly<Record<string, string>>;
  /** Of those, the ones that must be as they were at the end. */
  readonly unchanged?: readonly string[];
  /** Answers may hold what belongs to other users: public posts, the administrator's list. */
  readonly shared?: boolean;
  readonly steps?: readonly Step[];
  /** The name of a program in e2e/scenarios/checks that proves what requests one after another cannot. */
  readonly check?: string;
  /** Why nothing can be asked of the service here. */
  readonly notApplying?: string;
}

/** One file of scenarios. */
export interface ScenarioFile {
  readonly subject: string;
  readonly scenarios: readonly Scenario[];
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, folder), "utf8")) as unknown;
}

/** All files in the order of their names, each held against the schema. */
export function scenarioFiles(): readonly ScenarioFile[] {
  const schema = read("scenario.schema.json") as Schema & {
    readonly $defs: Readonly<Record<string, Schema>>;
  };
  const resolve = (reference: string): Schema => {
    const found = schema.$defs[reference.replace("#/$defs/", "")];
    if (found === undefined) throw new Error(`scenario.schema.json has no ${reference}.`);
    return found;
  };
  const names = readdirSync(folder).filter(
    (name) => name.endsWith(".json") && !name.endsWith(".schema.json"),
  );
  return names.sort().map((name) => {
    const { $schema, ...content } = read(name) as Readonly<Record<string, unknown>>;
    const faults = faultsOf(content, schema, resolve);
    if (faults.length > 0) throw new Error(`contract/scenarios/${name}: ${faults.slice(0, 5).join("; ")}`);
    return content as unknown as ScenarioFile;
  });
}
