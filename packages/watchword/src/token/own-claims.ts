import { WatchwordError } from "../errors.ts";
import { type Identity, replaceClaims } from "./identity.ts";
import type { StandardSchemaV1 } from "./standard-schema.ts";

/**
 * CS-20: the identity with what the configured schema makes of its claims. Called for every request anew: whoever is given
 * the schema's output can change it.
 *
 * @throws WatchwordError `invalid_claim`, naming the claim and never quoting it.
 */
export async function withOwnClaims<C>(
  identity: Identity,
  schema: StandardSchemaV1<unknown, C>,
): Promise<Identity<C>> {
  const result = await schema["~standard"].validate(identity.claims);
  if (result.issues === undefined) return replaceClaims(identity, result.value);
  const [step] = result.issues[0]?.path ?? [];
  const name = typeof step === "object" ? step.key : step;
  throw new WatchwordError("invalid_claim", typeof name === "string" ? { claim: name } : {});
}
