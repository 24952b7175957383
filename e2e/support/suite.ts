import { describe, inject } from "vitest";
import { ApiCaller } from "./api-caller.ts";
import type { BackendName } from "./backend.ts";
import type { StoreName } from "./store.ts";

/** Runs the same facts against each chosen backend on each chosen store. */
export function describeBackends(
  subject: string,
  facts: (api: ApiCaller, backend: BackendName, store: StoreName) => void,
): void {
  const realm = inject("realm");
  for (const { backend, store, origin } of inject("origins"))
    describe(`${backend} on ${store}: ${subject}`, () => facts(new ApiCaller(origin, realm), backend, store));
}
