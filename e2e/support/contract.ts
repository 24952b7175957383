import { readFileSync } from "node:fs";
import type { Schema } from "./json-schema.ts";

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../contract/${name}`, import.meta.url), "utf8")) as unknown;
}

/** One refusal of `contract/errors.json`. */
export interface Refusal {
  readonly status: number;
  readonly error: string | null;
  readonly title: string;
  readonly detail: string;
  readonly variants?: Readonly<Record<string, string>>;
}

/** One operation of `contract/openapi.json`. */
export interface Operation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly responses: Readonly<
    Record<
      string,
      { readonly content?: Readonly<Record<string, { schema: Schema }>>; readonly headers?: object }
    >
  >;
}

/** The HTTP part of `contract/defaults.json`, as far as this suite reads it. */
export interface HttpDefaults {
  readonly max_body_bytes: { readonly value: number };
  readonly max_json_depth: { readonly value: number };
  readonly max_raw_target_bytes: { readonly value: number };
  readonly cors_max_age_seconds: { readonly value: number };
  readonly cors_methods: { readonly value: readonly string[] };
  readonly cors_request_headers: { readonly value: readonly string[] };
  readonly cors_exposed_headers: { readonly value: readonly string[] };
}

const errors = read("errors.json") as {
  readonly type_prefix: string;
  readonly codes: Readonly<Record<string, Refusal>>;
};

export const openapi = read("openapi.json") as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

export const httpDefaults = (read("defaults.json") as { readonly http: HttpDefaults }).http;

export const problemTypePrefix = errors.type_prefix;

/** What the contract says of a refusal code. An unknown code is an error. */
export function refusal(code: string): Refusal {
  const found = errors.codes[code];
  if (found === undefined) throw new Error(`contract/errors.json has no code ${code}.`);
  return found;
}

/** The schema that a `$ref` of the OpenAPI document names. */
export function schemaAt(reference: string): Schema {
  const name = reference.replace("#/components/schemas/", "");
  const found = openapi.components.schemas[name];
  if (found === undefined) throw new Error(`contract/openapi.json has no schema ${reference}.`);
  return found;
}

/** The operations of the documented path that a request path has, by method in lower case; undefined for an unknown path. */
export function operationsAt(path: string): Readonly<Record<string, Operation>> | undefined {
  const segments = path.split("/");
  const matching = Object.entries(openapi.paths).filter(([template]) => {
    const parts = template.split("/");
    return (
      parts.length === segments.length &&
      parts.every((part, index) => (part.startsWith("{") ? segments[index] !== "" : part === segments[index]))
    );
  });
  // A segment that is written out wins over one that stands for any.
  const open = ([template]: (typeof matching)[number]) => template.split("{").length;
  return matching.sort((left, right) => open(left) - open(right))[0]?.[1];
}
