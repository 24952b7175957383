import { z } from "@hono/zod-openapi";

/** The part of JSON Schema that contract/chat/model.json uses. Objects have no other members than those named. */
export type JsonSchema =
  | {
      type: "object";
      properties: Record<string, JsonSchema>;
      required: string[];
      additionalProperties: false;
    }
  | { type: "array"; items: JsonSchema; minItems: number; maxItems: number }
  | { type: "integer"; minimum: number; maximum: number }
  | { type: "string"; enum: string[] }
  | { type: "string"; minLength: number; maxLength: number; pattern: string };

export const jsonSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z.union([
    z.strictObject({
      type: z.literal("object"),
      properties: z.record(z.string(), jsonSchema),
      required: z.array(z.string()),
      additionalProperties: z.literal(false),
    }),
    z.strictObject({ type: z.literal("array"), items: jsonSchema, minItems: z.int(), maxItems: z.int() }),
    z.strictObject({ type: z.literal("integer"), minimum: z.int(), maximum: z.int() }),
    z.strictObject({ type: z.literal("string"), enum: z.array(z.string()) }),
    z.strictObject({
      type: z.literal("string"),
      minLength: z.int(),
      maxLength: z.int(),
      pattern: z.string(),
    }),
  ]),
);

/** Whether a value is what the schema says. A text with U+0000 or an unpaired surrogate is none. */
export function conforms(value: unknown, schema: JsonSchema): boolean {
  switch (schema.type) {
    case "object": {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
      const members = Object.entries(value);
      const isEachKnown = members.every(([name, member]) => {
        const known = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
        return known !== undefined && conforms(member, known);
      });
      return isEachKnown && schema.required.every((name) => Object.hasOwn(value, name));
    }
    case "array": {
      if (!Array.isArray(value)) return false;
      const { minItems, maxItems, items } = schema;
      return (
        value.length >= minItems && value.length <= maxItems && value.every((item) => conforms(item, items))
      );
    }
    case "integer":
      return Number.isInteger(value) && Number(value) >= schema.minimum && Number(value) <= schema.maximum;
    case "string":
      return typeof value === "string" && isText(value, schema);
  }
}

function isText(value: string, schema: JsonSchema & { type: "string" }): boolean {
  if ("enum" in schema) return schema.enum.includes(value);
  const characters = [...value].length;
  return (
    !/[\0\p{Surrogate}]/u.test(value) &&
    characters >= schema.minLength &&
    characters <= schema.maxLength &&
    new RegExp(schema.pattern).test(value)
  );
}
