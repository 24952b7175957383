import { z } from "@hono/zod-openapi";
import type { ViolationCode } from "./api-problem.ts";

/** Builders of schema members: the same numbers check the input and stand in the OpenAPI document. */

/** Bounds of a text. Lengths are in Unicode code points. */
export interface TextRules {
  minCharacters?: number;
  maxCharacters?: number;
  /** The form that the whole text must have; white space only is told apart as `blank`. */
  pattern?: RegExp;
}

/** Something other than space, tab, line feed and carriage return. */
export const notBlank = /[^ \t\n\r]/;

const blank = /^[ \t\n\r]+$/;

/** A JSON string inside its bounds. The first fault counts, of: text, length, form. */
export function text(rules: TextRules = {}) {
  return z
    .string()
    .superRefine((value, context) => report(context, textFault(value, rules)))
    .openapi({
      ...(rules.minCharacters === undefined ? {} : { minLength: rules.minCharacters }),
      ...(rules.maxCharacters === undefined ? {} : { maxLength: rules.maxCharacters }),
      ...(rules.pattern === undefined ? {} : { pattern: rules.pattern.source }),
    });
}

/** A text as {@link text}, or null. */
export function nullableText(rules: TextRules = {}) {
  return text(rules).nullable();
}

/** A moment as it is answered: RFC 3339 in UTC with three decimals. */
export function timestampText() {
  return z.string().openapi({ pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$" });
}

/** A query parameter of one to nine decimal digits, read as an integer; `fallback` stands for an absent one. */
export function integerParameter(bounds: { minimum: number; maximum: number }, fallback: number) {
  return z
    .string()
    .superRefine((value, context) => report(context, integerFault(value, bounds)))
    .transform(Number)
    .default(fallback)
    .openapi({ type: "integer", ...bounds, default: fallback });
}

/** A query parameter that is exactly `true` or `false`. */
export function booleanParameter() {
  return z
    .enum(["true", "false"])
    .transform((value) => value === "true")
    .openapi({ type: "boolean" });
}

function textFault(value: string, rules: TextRules): ViolationCode | null {
  if (/[\0\p{Surrogate}]/u.test(value)) return "invalid_text";
  const characters = [...value].length;
  if (characters < (rules.minCharacters ?? 0)) return "too_short";
  if (characters > (rules.maxCharacters ?? Number.POSITIVE_INFINITY)) return "too_long";
  if (rules.pattern === undefined || rules.pattern.test(value)) return null;
  return blank.test(value) ? "blank" : "invalid_format";
}

function integerFault(value: string, bounds: { minimum: number; maximum: number }): ViolationCode | null {
  if (!/^[0-9]{1,9}$/.test(value)) return "invalid_format";
  if (Number(value) < bounds.minimum) return "too_small";
  return Number(value) > bounds.maximum ? "too_big" : null;
}

function report(context: z.core.$RefinementCtx<string>, violation: ViolationCode | null): void {
  if (violation !== null) context.addIssue({ code: "custom", params: { violation } });
}
