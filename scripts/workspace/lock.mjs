// One lock per checkout: whoever installs or builds does so alone. Nothing is installed yet when it is needed first.
import { once } from "node:events";
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { line } from "./steps.mjs";

/** Milliseconds between two looks at who holds the lock. */
const lookAgain = 100;

/**
 * Does `work` while no other process does anything under the lock in `folder`. `doing` is what others are told about it.
 * The holder is who has the file with the highest number; the next one is made only once that holder has ended, and
 * making it succeeds for one process alone. So a lock that a killed process left needs no removal, and nobody can
 * remove one that has been taken meanwhile.
 */
export async function exclusively(folder, doing, work) {
  mkdirSync(folder, { recursive: true });
  // It listens as long as it works: another process may have its number one day, but not its port as well.
  const presence = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  await once(presence, "listening");
  try {
    const turn = await take(folder, { process: process.pid, port: presence.address().port, doing });
    try {
      return await work();
    } finally {
      write(folder, { doing }, (draft) => renameSync(draft, join(folder, String(turn))));
    }
  } finally {
    presence.close();
  }
}

async function take(folder, claim) {
  for (let told = 0; ; ) {
    const last = Math.max(0, ...turns(folder));
    const other = claimOf(folder, last);
    if (other && (await isHeld(other))) {
      if (told !== last)
        line(
          `  Another command (process ${other.process}) is ${other.doing}. This one goes on when it has ended.`,
        );
      told = last;
      await sleep(lookAgain);
      continue;
    }
    if (!makes(folder, last + 1, claim)) continue;
    const others = turns(folder).filter((turn) => turn !== last + 1);
    // Between the look and the making others may have had that turn, removed it, and gone on.
    const late = others.some((turn) => turn > last);
    for (const turn of late ? [last + 1] : others) rmSync(join(folder, String(turn)), { force: true });
    if (!late) return last + 1;
  }
}

const turns = (folder) =>
  readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** What stands in the file of a turn; nothing when whoever took the next one has removed it. */
function claimOf(folder, turn) {
  try {
    return JSON.parse(readFileSync(join(folder, String(turn)), "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Makes the file of a turn, unless there is one. */
function makes(folder, turn, claim) {
  try {
    write(folder, claim, (draft) => linkSync(draft, join(folder, String(turn))));
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  }
}

/** Writes a draft, so that whoever reads the file that `place` makes of it reads all of it. */
function write(folder, claim, place) {
  const draft = join(folder, `draft-${process.pid}`);
  writeFileSync(draft, JSON.stringify(claim));
  try {
    place(draft);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Whether a process that has neither released the lock nor ended holds it. */
async function isHeld({ process, port }) {
  if (port === undefined || !isRunning(process)) return false;
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    // Where nobody listens any more, TCP can connect a socket to itself.
    return socket.localPort !== port;
  } catch {
    return false;
  } finally {
    socket.on("error", () => {}).destroy();
  }
}

function isRunning(id) {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
