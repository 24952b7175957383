/** A JSON schema as the OpenAPI document uses them. Only the keywords in {@link faultsOf} may occur. */
export type Schema = Readonly<Record<string, unknown>>;

/** Finds the schema that a `$ref` names. */
export type Resolve = (reference: string) => Schema;

const known = new Set([
  "$ref",
  "type",
  "properties",
  "required",
  "items",
  "enum",
  "const",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "pattern",
  "default",
  "title",
  "description",
  "additionalProperties",
  "$schema",
  "$defs",
]);

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value;
}

function isOfType(value: unknown, type: string): boolean {
  if (type === "integer") return Number.isInteger(value);
  return typeOf(value) === type;
}

function textFaults(value: string, schema: Schema, at: string): string[] {
  const length = [...value].length;
  const { minLength, maxLength, pattern } = schema;
  const faults: string[] = [];
  if (typeof minLength === "number" && length < minLength) faults.push(`${at}: shorter than ${minLength}`);
  if (typeof maxLength === "number" && length > maxLength) faults.push(`${at}: longer than ${maxLength}`);
  if (typeof pattern === "string" && !new RegExp(pattern, "u").test(value))
    faults.push(`${at}: not ${pattern}`);
  return faults;
}

function numberFaults(value: number, schema: Schema, at: string): string[] {
  const { minimum, maximum } = schema;
  const faults: string[] = [];
  if (typeof minimum === "number" && value < minimum) faults.push(`${at}: below ${minimum}`);
  if (typeof maximum === "number" && value > maximum) faults.push(`${at}: above ${maximum}`);
  return faults;
}

function memberFaults(value: object, schema: Schema, resolve: Resolve, at: string): string[] {
  const others = schema["additionalProperties"] as Schema | undefined;
  if (schema["properties"] === undefined && others === undefined) return [];
  const members = (schema["properties"] ?? {}) as Readonly<Record<string, Schema>>;
  const faults: string[] = [];
  for (const name of (schema["required"] ?? []) as readonly string[])
    if (!Object.hasOwn(value, name)) faults.push(`${at}/${name}: absent`);
  for (const [name, member] of Object.entries(value)) {
    const memberSchema = members[name] ?? others;
    if (memberSchema === undefined) faults.push(`${at}/${name}: not documented`);
    else faults.push(...faultsOf(member, memberSchema, resolve, `${at}/${name}`));
  }
  return faults;
}

/**
 * Everything in which a value differs from a schema; empty when it conforms. Stricter than JSON Schema in one thing:
 * where members are listed, another member is a fault (unless `additionalProperties` says what it must be). A keyword that is not implemented is an error, never passed over.
 */
export function faultsOf(value: unknown, schema: Schema, resolve: Resolve, at = ""): string[] {
  for (const keyword of Object.keys(schema))
    if (!known.has(keyword)) throw new Error(`The schema keyword ${keyword} is not implemented.`);
  const reference = schema["$ref"];
  if (typeof reference === "string") return faultsOf(value, resolve(reference), resolve, at);
  const type = schema["type"];
  if (type !== undefined) {
    const types = (Array.isArray(type) ? type : [type]) as readonly string[];
    if (!types.some((name) => isOfType(value, name)))
      return [`${at}: ${typeOf(value)}, not ${types.join(" or ")}`];
  }
  if (Object.hasOwn(schema, "const") && value !== schema["const"]) return [`${at}: not the constant`];
  if (Array.isArray(schema["enum"]) && !schema["enum"].includes(value)) return [`${at}: not one of the enum`];
  if (typeof value === "string") return textFaults(value, schema, at);
  if (typeof value === "number") return numberFaults(value, schema, at);
  if (Array.isArray(value)) {
    const items = schema["items"];
    if (items === undefined) return [];
    return value.flatMap((item, index) => faultsOf(item, items as Schema, resolve, `${at}/${index}`));
  }
  if (typeof value === "object" && value !== null) return memberFaults(value, schema, resolve, at);
  return [];
}
