import type { Owned } from "./owned.ts";

/** The store behind the API, whichever it is. */
export interface Database {
  readonly owned: Owned;
  /** Asks the store for something, and throws what it throws. */
  ping(): Promise<void>;
  /** Lets running statements end, then closes every connection. */
  close(): Promise<void>;
}

/** Where the rows are. */
export type DatabaseLocation =
  | { readonly store: "sqlite" /** Absolute. */; readonly folder: string }
  | {
      readonly store: "postgres";
      readonly url: string /** Connections at once. */;
      readonly poolSize: number;
    };
