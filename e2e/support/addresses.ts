import type { ApiMode } from "./browser-pairs.ts";

/** Where an application can be reached. */
export interface Addresses {
  readonly webOrigin: string;
  readonly apiOrigin: string;
  readonly mode: ApiMode;
  /** Where pages send what they ask of the API: its origin, or the proxy's address. */
  readonly apiAddress: string;
}
