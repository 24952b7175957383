import { Kysely, PostgresDialect, sql } from "kysely";
import { Client, type ClientBase, type ClientConfig, Pool } from "pg";
import { type Clock, ConfigurationError } from "watchword";
import type { Log } from "../log.ts";
import { timestamp } from "../timestamp.ts";
import type { Database, DatabaseLocation } from "./database.ts";
import { isDatabaseUnavailable } from "./faults.ts";
import { migratePostgres } from "./migrations.ts";
import { ownTables } from "./owned.ts";
import type { Tables } from "./tables.ts";

/** The role of every transaction: it owns no table and is bound by row-level security. */
const role = "watchword_api";
const schema = "api";

/** How long a request waits for a free connection, and a connection for the server. */
const connectionTimeoutMillis = 5000;
/** Past the server's own limits: for a server that does not answer at all. */
const answerTimeoutMillis = 12_000;
const sessionLimits =
  "set statement_timeout = '10s'; set lock_timeout = '5s'; set idle_in_transaction_session_timeout = '30s'";

type PostgresLocation = Extract<DatabaseLocation, { store: "postgres" }>;

/**
 * Brings the tables up to date, makes sure that the rows of one owner cannot be reached by another, and opens the pool.
 *
 * @throws ConfigurationError when the server cannot be reached, or does not hold the rows apart.
 */
export async function openPostgres(
  { url, poolSize }: PostgresLocation,
  clock: Clock,
  log?: Log,
): Promise<Database> {
  const connection: ClientConfig = {
    connectionString: url,
    connectionTimeoutMillis,
    application_name: "watchword-api",
    keepAlive: true,
  };
  await prepare(connection, clock);

  const pool = new Pool({
    ...connection,
    max: poolSize,
    query_timeout: answerTimeoutMillis,
    onConnect: async (client: ClientBase) => void (await client.query(sessionLimits)),
  });
  // A connection that the server ends is replaced by the next request. Without listeners it would end the process.
  pool.on("error", (error) =>
    log?.warn("watchword.database.connection_lost", { "error.type": codeOf(error) ?? "unknown" }),
  );
  pool.on("connect", (client) => client.on("error", () => undefined));
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    owned: ownTables(kysely, { dialect: "postgres", schema, role }),
    ping: async () => void (await sql`select id from api.tasks limit 1`.execute(kysely)),
    close: () => kysely.destroy(),
  };
}

async function prepare(connection: ClientConfig, clock: Clock): Promise<void> {
  const client = await connect(connection);
  try {
    await checkServer(client);
    await migratePostgres(client, timestamp(clock));
    await checkIsolation(client);
  } catch (error) {
    throw setupFault(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Whatever stands in the way of a connection is for the person who started the process; the address is never quoted. */
async function connect(connection: ClientConfig): Promise<Client> {
  try {
    const client = new Client(connection);
    client.on("error", () => undefined);
    await client.connect();
    return client;
  } catch (error) {
    throw new ConfigurationError(connectSentence(codeOf(error)), { cause: error });
  }
}

function connectSentence(code: string | undefined): string {
  if (code?.startsWith("28")) {
    return "The database refuses the user or the password in DATABASE_URL: correct it.";
  }
  if (code === "3D000") {
    return "The database that DATABASE_URL names does not exist: create it, or correct DATABASE_URL.";
  }
  return "The database that DATABASE_URL names cannot be reached: start it, or correct DATABASE_URL.";
}

async function checkServer(client: ClientBase): Promise<void> {
  const { rows } = await client.query(
    "select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding",
  );
  const [{ version, encoding }] = rows;
  if (version < 140_000) {
    throw new ConfigurationError(
      "The server that DATABASE_URL names is older than PostgreSQL 14: use a newer one.",
    );
  }
  if (encoding !== "UTF8") {
    throw new ConfigurationError(
      "The database that DATABASE_URL names is not in UTF8: create it with ENCODING 'UTF8'.",
    );
  }
}

/** As the role of every transaction: it must be bound by row-level security, and every table must have it in force. */
export async function checkIsolation(client: ClientBase): Promise<void> {
  await client.query("BEGIN");
  await client.query(`SET LOCAL ROLE ${role}`);
  const { rows: unbound } = await client.query(
    "SELECT 1 FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)",
  );
  const { rows: open } = await client.query(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND c.relname <> 'watchword_migrations'
       AND NOT (c.relrowsecurity AND c.relforcerowsecurity) ORDER BY c.relname`,
    [schema],
  );
  await client.query("ROLLBACK");
  if (unbound.length > 0) {
    throw new ConfigurationError(
      `The PostgreSQL role ${role} bypasses row-level security: take SUPERUSER and BYPASSRLS from it.`,
    );
  }
  if (open.length > 0) {
    throw new ConfigurationError(
      `Row-level security is not forced on ${open.map(({ name }) => `${schema}.${name}`).join(", ")}: enable and force it in the PostgreSQL database.`,
    );
  }
}

function setupFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ConfigurationError) return error;
  if (codeOf(error) === "42501") {
    return new ConfigurationError(
      `The user in DATABASE_URL may not set up the database: let it create schemas there, and create the role ${role} and grant it to this user.`,
    );
  }
  return isDatabaseUnavailable(error) ? new ConfigurationError(connectSentence(codeOf(error))) : error;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
