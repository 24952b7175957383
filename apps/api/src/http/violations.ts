import { z } from "@hono/zod-openapi";
import { ApiProblem, type Violation, type ViolationCode, violationCodes } from "./api-problem.ts";

type Issue = z.core.$ZodIssue;

/**
 * Checks the members of a body.
 *
 * @throws ApiProblem `validation_failed` with one entry per faulty member, in the order of the schema.
 */
export function validateBody<Schema extends z.ZodObject>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new ApiProblem("validation_failed", { errors: firstPerPointer(result.error.issues, "body", body) });
}

/**
 * Checks the query parameters that the schema names; others are ignored.
 *
 * @throws ApiProblem `validation_failed` with one entry per faulty parameter, in the order of the schema.
 */
export function validateQuery<Schema extends z.ZodObject>(schema: Schema, url: string): z.output<Schema> {
  const parameters = new URL(url).searchParams;
  const names = Object.keys(schema.shape);
  const repeated = names.filter((name) => parameters.getAll(name).length > 1);
  const single = names.filter((name) => parameters.has(name) && !repeated.includes(name));
  const values = Object.fromEntries(single.map((name) => [name, parameters.get(name)]));
  const result = schema.safeParse(values);
  if (result.success && repeated.length === 0) return result.data;
  const faults = result.success ? [] : firstPerPointer(result.error.issues, "query", values);
  const repetitions = repeated.map((name) => violation("query", `/${name}`, "repeated"));
  const position = (fault: Violation) => names.indexOf(fault.pointer.slice(1));
  throw new ApiProblem("validation_failed", {
    errors: [...repetitions, ...faults].sort((a, b) => position(a) - position(b)),
  });
}

function firstPerPointer(issues: readonly Issue[], place: Violation["in"], input: unknown): Violation[] {
  const found = new Map<string, Violation>();
  for (const issue of issues) {
    const pointer = issue.path.map((part) => `/${String(part)}`).join("");
    if (!found.has(pointer)) found.set(pointer, violation(place, pointer, codeOf(issue, input)));
  }
  return [...found.values()];
}

function violation(place: Violation["in"], pointer: string, code: ViolationCode): Violation {
  return { in: place, pointer, code };
}

function codeOf(issue: Issue, input: unknown): ViolationCode {
  if (issue.code === "custom") return z.enum(violationCodes).parse(issue.params?.["violation"]);
  if (issue.code === "invalid_value") return "invalid_value";
  const [member] = issue.path;
  return member !== undefined && !Object.hasOwn(Object(input), member) ? "required" : "invalid_type";
}
