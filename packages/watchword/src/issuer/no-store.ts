import type { GenericEndpointContext } from "better-auth";

/** For the answer and for every refusal. Better Auth before 1.7.0 does not know `noStore` of an endpoint. */
export function forbidStoring({ setHeader }: Pick<GenericEndpointContext, "setHeader">): void {
  setHeader("cache-control", "no-store");
  setHeader("pragma", "no-cache");
}
