import type { Claims } from "./claims.ts";
import { WatchwordError } from "./errors.ts";
import type { SchemaResult, StandardSchemaV1 } from "./standard-schema.ts";

/**
 * CS-20: the claims are what the configured schema wants.
 *
 * @returns the schema's output; a promise only where the schema gives one.
 * @throws WatchwordError `invalid_claim`, naming the claim and never quoting it.
 */
export function checkOwnClaims<C>(claims: Claims, schema: StandardSchemaV1<unknown, C>): C | Promise<C> {
  const result = schema["~standard"].validate(claims);
  return result instanceof Promise ? result.then(outputOf) : outputOf(result);
}

function outputOf<C>(result: SchemaResult<C>): C {
  if (result.issues === undefined) return result.value;
  const [step] = result.issues[0]?.path ?? [];
  const name = typeof step === "object" ? step.key : step;
  throw new WatchwordError("invalid_claim", typeof name === "string" ? { claim: name } : {});
}
