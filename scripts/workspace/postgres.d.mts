/** A PostgreSQL server of the tests' own: on a free port, in a temporary folder, gone when it is stopped. */
export class PostgresServer {
  private constructor();
  /** Makes the data and starts the server. A machine on which that is impossible is told so in a sentence. */
  static start(): Promise<PostgresServer>;
  /** `postgres://…/postgres`, as the superuser; holds a password. */
  readonly url: string;
  readonly port: number;
  /** Starts the server again on its data and port. */
  resume(): Promise<void>;
  /** Ends the server and keeps its data. */
  pause(): Promise<void>;
  /** Ends the server as a crash would. */
  kill(): Promise<void>;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}
