import { describe, inject } from "vitest";
import { ApiCaller } from "./api-caller.ts";
import { type BackendName, backendNames } from "./backend.ts";

/** Runs the same facts against each chosen backend. */
export function describeBackends(
  subject: string,
  facts: (api: ApiCaller, backend: BackendName) => void,
): void {
  const origins = inject("origins");
  const realm = inject("realm");
  for (const backend of backendNames) {
    const origin = origins[backend];
    if (origin !== undefined)
      describe(`${backend}: ${subject}`, () => facts(new ApiCaller(origin, realm), backend));
  }
}
