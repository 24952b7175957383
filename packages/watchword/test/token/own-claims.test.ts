import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import type { StandardSchemaV1 } from "../../src/token/standard-schema.ts";
import { options, token } from "../sample-token.ts";

const zod = z.object({ plan: z.enum(["free", "pro"]), team: z.object({ id: z.number() }).optional() });
const good = token({ plan: "pro", team: { id: 7 } });
const bad = token({ plan: "gold" });

describe.each<[string, StandardSchemaV1<unknown, { plan: string }>]>([
  ["zod", zod as StandardSchemaV1<unknown, { plan: string }>],
  ["valibot", v.object({ plan: v.picklist(["free", "pro"]) }) as StandardSchemaV1<unknown, { plan: string }>],
  ["arktype", type({ plan: "'free' | 'pro'" }) as StandardSchemaV1<unknown, { plan: string }>],
])("a schema of %s", (_, claims) => {
  const verifier = createVerifier({ ...options, claims });

  test("lets claims through that fit", async () => {
    expect((await verifier.verify(good)).claims.plan).toBe("pro");
  });

  test("refuses others by the claim's name", async () => {
    await expect(verifier.verify(bad)).rejects.toMatchObject({ code: "invalid_claim", claim: "plan" });
    await expect(verifier.verify(token())).rejects.toMatchObject({ code: "invalid_claim" });
  });
});

test("the schema's output is the type and the value of the claims, and it is frozen", async () => {
  const verifier = createVerifier({ ...options, claims: zod });
  const { claims } = await verifier.verify(good);
  expectTypeOf(claims.plan).toEqualTypeOf<"free" | "pro">();
  expect(claims).toEqual({ plan: "pro", team: { id: 7 } });
  expect(Object.isFrozen(claims.team)).toBe(true);
});

test("a schema that takes its time is waited for, and asked for every request", async () => {
  let asked = 0;
  const slow = z.object({ plan: z.string() }).refine(async ({ plan }) => {
    asked += 1;
    return plan !== "gold";
  });
  const verifier = createVerifier({ ...options, claims: slow });
  expect((await verifier.verify(good)).claims.plan).toBe("pro");
  const askedOnce = asked;
  await verifier.verify(good);
  expect(asked).toBe(2 * askedOnce);
  await expect(verifier.verify(bad)).rejects.toMatchObject({ code: "invalid_claim" });
});

test("a schema that throws is a fault of the verifier, not of the token", async () => {
  const claims = z.object({}).transform((): object => {
    throw new Error("broken");
  });
  await expect(createVerifier({ ...options, claims }).verify(good)).rejects.toMatchObject({
    code: "internal_error",
  });
});

test("every other check comes first", async () => {
  const verifier = createVerifier({ ...options, claims: zod });
  await expect(verifier.verify(token({ cnf: {} }))).rejects.toMatchObject({ code: "sender_constrained" });
});
