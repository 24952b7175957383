import type { Json } from "./scenario.ts";

/** What `{{…}}` may name. */
export type Variables = Readonly<Record<string, unknown>>;

const filters: Readonly<Record<string, (text: string) => string>> = {
  upper: (text) => text.toUpperCase(),
  encoded: encodeURIComponent,
  bytes: (text) =>
    [...Buffer.from(text, "utf8")].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
  base64url: (text) => Buffer.from(text, "utf8").toString("base64url"),
  head: (text) => text.slice(0, 20),
  tail: (text) => text.slice(20),
};

function valueAt(expression: string, variables: Variables): unknown {
  const repeated = /^(.+)\*(\d+)$/s.exec(expression);
  if (repeated) return (repeated[1] ?? "").repeat(Number(repeated[2]));
  const shifted = /^([\w.]+)([+-]\d+)$/.exec(expression);
  if (shifted) return Number(valueAt(shifted[1] ?? "", variables)) + Number(shifted[2]);
  const [path = "", ...names] = expression.split("|");
  let value: unknown = variables;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name))
      throw new Error(`{{${expression}}} names nothing that is known here.`);
    value = (value as Variables)[name];
  }
  for (const name of names) {
    const filter = filters[name];
    if (filter === undefined) throw new Error(`There is no filter ${name}.`);
    value = filter(String(value));
  }
  return value;
}

const placeholder = /\{\{(.+?)\}\}/gs;

/** A text with its placeholders filled in. */
export function filledText(text: string, variables: Variables): string {
  return text.replaceAll(placeholder, (_, expression: string) => String(valueAt(expression, variables)));
}

/** A JSON value with its placeholders filled in; a text that is one placeholder alone becomes the value that it names. */
export function filled(value: Json, variables: Variables): Json {
  if (typeof value === "string") {
    const alone = /^\{\{([^{}]+)\}\}$/.exec(value);
    return alone ? (valueAt(alone[1] ?? "", variables) as Json) : filledText(value, variables);
  }
  if (Array.isArray(value)) return value.map((item: Json) => filled(item, variables));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [filledText(name, variables), filled(member, variables)]),
  );
}

/** What a JSON pointer (RFC 6901) names in a value. */
export function at(value: unknown, pointer: string): unknown {
  return pointer
    .split("/")
    .slice(1)
    .reduce<unknown>((inner, part) => {
      const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
      if (typeof inner !== "object" || inner === null || !Object.hasOwn(inner, name))
        throw new Error(`${pointer} is not in the answer.`);
      return (inner as Readonly<Record<string, unknown>>)[name];
    }, value);
}

const timestamp = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  any: () => true,
  integer: (value) => Number.isInteger(value),
  text: (value) => typeof value === "string",
  timestamp: (value) => typeof value === "string" && timestamp.test(value),
};

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

/** Words that stand for a rule where a value could stand. `part` is the matching of the whole, for rules that hold others. */
const rules: Readonly<
  Record<string, (value: unknown, operand: Json, part: (value: unknown, wanted: Json) => string[]) => boolean>
> = {
  $is: (value, operand) => kinds[String(operand)]?.(value) ?? false,
  $matches: (value, operand) => typeof value === "string" && new RegExp(String(operand), "u").test(value),
  $not: (value, operand, part) => part(value, operand).length > 0,
  $above: (value, operand) => typeof value === "number" && value > Number(operand),
  $length: (value, operand) =>
    (Array.isArray(value) || typeof value === "string") && value.length === operand,
  $every: (value, operand, part) =>
    Array.isArray(value) && value.length > 0 && value.every((item) => part(item, operand).length === 0),
  $some: (value, operand, part) =>
    Array.isArray(value) && value.some((item) => part(item, operand).length === 0),
  $has: (value, operand) => differences(value, operand, true).length === 0,
  $oneOf: (value, operand, part) =>
    Array.isArray(operand) && operand.some((wanted: Json) => part(value, wanted).length === 0),
};

/** Where a value differs from what is wanted; with `subset`, members that are not named do not count. */
export function differences(value: unknown, wanted: Json, subset = false, where = ""): string[] {
  const differs = () => [`${where || "it"} is ${brief(value)}, not ${brief(wanted)}`];
  if (typeof wanted !== "object" || wanted === null) return Object.is(value, wanted) ? [] : differs();
  if (Array.isArray(wanted)) {
    if (!Array.isArray(value) || value.length !== wanted.length) return differs();
    return wanted.flatMap((item: Json, index) =>
      differences(value[index], item, subset, `${where}/${index}`),
    );
  }
  const [word] = Object.keys(wanted);
  const rule = word === undefined ? undefined : rules[word];
  if (rule !== undefined && word !== undefined) {
    const operand = (wanted as Readonly<Record<string, Json>>)[word] ?? null;
    const part = (item: unknown, inner: Json) => differences(item, inner, subset);
    return rule(value, operand, part) ? [] : differs();
  }
  if (word?.startsWith("$")) throw new Error(`There is no rule ${word}.`);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return differs();
  const members = value as Readonly<Record<string, unknown>>;
  const surplus = subset ? [] : Object.keys(members).filter((name) => !Object.hasOwn(wanted, name));
  return [
    ...surplus.map((name) => `${where}/${name} is there`),
    ...Object.entries(wanted as Readonly<Record<string, Json>>).flatMap(([name, member]) =>
      differences(members[name], member, subset, `${where}/${name}`),
    ),
  ];
}
