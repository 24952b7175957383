/** What only those who run a service can do. A check that needs one of them fails where nobody stands at their place. */
export interface Operator {
  /** What the service has written to its log so far. */
  log(): string;
  /** Takes the database away (PostgreSQL is cut off, SQLite is locked by another process), until `restoreDatabase`. */
  withholdDatabase(): Promise<void>;
  restoreDatabase(): Promise<void>;
  /** A second service on the same database, with one connection to it and few failed credentials a minute allowed. */
  narrow(): Promise<string>;
  /** A service whose tables are damaged, so that it fails inside. */
  damaged(): Promise<string>;
  /** The issuer of tokens with its base path, such as `http://localhost:3000/api/auth`. The service follows its revocation feed. */
  issuer(): Promise<string>;
  /** Makes a user of the issuer its administrator, past the issuer. */
  promote(userId: string): Promise<void>;
  /** A second service, whose issuer signs with key pairs (ES256) that it publishes. */
  keyPairs(): Promise<{ readonly origin: string; readonly issuer: string }>;
  /** A service on the same key as this one, of which a DELETE of `/` needs the scope `tasks:write`. */
  scoped(): Promise<string>;
  /** All rows of a table, past the service. */
  rows(table: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** An origin whose pages may call the service. */
  readonly listedOrigin: string;
  /** What must not be in the log. */
  readonly secrets: readonly string[];
}
