// `npm start`: the whole application, on an embedded database unless DATABASE_URL names another. `-- --api fastapi` takes the Python backend, `-- --dev` reloads.
import { checkSettings } from "./workspace/check-settings.mjs";
import { fromRoot } from "./workspace/folders.mjs";
import { buildPackage, buildWeb, installDependencies, nextCli, node24 } from "./workspace/node-tools.mjs";
import { requireFreePort } from "./workspace/ports.mjs";
import { Server } from "./workspace/processes.mjs";
import { preparePython, python } from "./workspace/python-tools.mjs";
import { dataPlace, ensureSecret, resolveSettings } from "./workspace/settings.mjs";
import { giveUp, line, paint, StartError, step } from "./workspace/steps.mjs";

const backends = {
  hono: {
    title: "Hono (TypeScript)",
    command: (dev) => {
      const main = fromRoot("apps", "api", "src", "main.ts");
      // With reload the package's sources are run as they are, so that a change in them reloads too.
      return [node24(), dev ? ["--conditions=watchword-source", "--watch", main] : [main]];
    },
  },
  fastapi: {
    title: "FastAPI (Python)",
    command: (dev) => {
      const serve = ["-m", "watchword_api"];
      if (!dev) return [python, serve];
      const sources = [
        fromRoot("apps", "api-fastapi", "src"),
        fromRoot("packages", "watchword-py", "src"),
        fromRoot("contract"),
      ];
      return [
        node24(),
        [fromRoot("scripts", "workspace", "run-reloading.mjs"), ...sources, "--", python, ...serve],
      ];
    },
  },
};

function readArguments(words) {
  const chosen = { api: "hono", dev: false };
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word === "--dev") chosen.dev = true;
    else if (word === "--api") chosen.api = words[++index];
    else if (word.startsWith("--api=")) chosen.api = word.slice("--api=".length);
    else throw new StartError(`${word} is not an option. Use: npm start -- [--api hono|fastapi] [--dev]`);
  }
  if (!Object.hasOwn(backends, chosen.api ?? "")) throw new StartError("--api takes hono or fastapi.");
  return chosen;
}

async function main() {
  const { api, dev } = readArguments(process.argv.slice(2));
  const backend = backends[api];
  const servers = [];
  stopOnSignal(servers);

  await step("Install dependencies", installDependencies);
  const { values, made } = ensureSecret(fromRoot(), process.env);
  if (made) line(`${paint.green("✓")} Generate a secret into .env ${paint.dim("(kept out of git)")}`);
  const settings = resolveSettings(process.env, values);
  if (api === "fastapi") await step("Prepare the Python environment", () => preparePython());
  await step("Build the package", buildPackage);
  await step("Check the settings", () => checkSettings(settings));
  await requireFreePort(settings.HOST, Number(settings.WEB_PORT), "WEB_PORT");
  await requireFreePort(settings.HOST, Number(settings.API_PORT), "API_PORT");
  if (!dev) await step("Build the web application (about a minute, only when sources changed)", buildWeb);

  const environment = { ...settings, NODE_ENV: dev ? "development" : "production" };
  const local = (port) => `http://${settings.HOST === "0.0.0.0" ? "127.0.0.1" : settings.HOST}:${port}`;
  await step(`Start the API: ${backend.title}`, async () => {
    const [command, args] = backend.command(dev);
    servers.push(new Server("api", command, args, { env: environment }));
    // Ready it is once the web application tells it what was revoked.
    await servers[0].ready(`${local(settings.API_PORT)}/health`);
  });
  await step("Start the web application", async () => {
    const args = [nextCli, dev ? "dev" : "start", "--port", settings.WEB_PORT, "--hostname", settings.HOST];
    servers.push(new Server("web", node24(), args, { cwd: fromRoot("apps", "web"), env: environment }));
    await servers[1].ready(`${local(settings.WEB_PORT)}/login`);
    await servers[0].ready(`${local(settings.API_PORT)}/ready`);
  });

  const other = api === "hono" ? "npm start -- --api fastapi" : "npm start";
  line();
  line(`  ${paint.bold(`Open ${settings.BETTER_AUTH_URL}`)}`);
  line(`  API   ${settings.NEXT_PUBLIC_API_URL}  ${paint.dim(`${backend.title}; the other one: ${other}`)}`);
  line(`  Data  ${dataPlace(settings.DATABASE_URL)}`);
  line(`  ${paint.dim("Ctrl-C stops both.")}`);
  line();
  for (const server of servers) server.follow();

  const ended = await Promise.race(servers.map((server) => server.ended.then(() => server)));
  if (stopping) return;
  await stopAll(servers);
  throw new StartError(
    `The ${ended.name} ended unexpectedly. Its last lines are above; run the command again.`,
  );
}

let stopping = false;

async function stopAll(servers) {
  stopping = true;
  await Promise.all(servers.map((server) => server.stop()));
}

function stopOnSignal(servers) {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, async () => {
      if (stopping) return;
      line();
      await stopAll(servers);
      line("Stopped. Your data stays.");
      process.exit(0);
    });
  }
  process.on("exit", () => {
    for (const server of servers) if (!server.end) server.child.kill("SIGKILL");
  });
}

main().catch(giveUp);
