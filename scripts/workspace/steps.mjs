// Timed steps on the terminal, and the one way these scripts give up: a sentence that says what to do.
import { performance } from "node:perf_hooks";

/** A fault that the person at the keyboard can mend; its message is the whole output. */
export class StartError extends Error {}

const colours = process.stdout.isTTY && !process.env.NO_COLOR;
export const paint = {
  dim: (text) => (colours ? `\x1b[2m${text}\x1b[22m` : text),
  bold: (text) => (colours ? `\x1b[1m${text}\x1b[22m` : text),
  green: (text) => (colours ? `\x1b[32m${text}\x1b[39m` : text),
  red: (text) => (colours ? `\x1b[31m${text}\x1b[39m` : text),
};

/** Work that takes longer says what it does, where no line moves. */
const longSeconds = 2;

/** Runs `work` under a name and prints how long it took. Steps that had nothing to do return `"skipped"` and stay silent. */
export async function step(name, work) {
  const begin = performance.now();
  const ticker = process.stdout.isTTY
    ? setInterval(() => {
        process.stdout.write(`\r${paint.dim("…")} ${name} ${paint.dim(`${seconds(begin)} s`)} `);
      }, 200)
    : setTimeout(() => line(`… ${name}`), longSeconds * 1000);
  try {
    const result = await work();
    if (result !== "skipped") line(`${paint.green("✓")} ${name} ${paint.dim(`${seconds(begin)} s`)}`);
    else if (process.stdout.isTTY) process.stdout.write("\r\x1b[K");
    return result;
  } catch (error) {
    line(`${paint.red("✗")} ${name} ${paint.dim(`${seconds(begin)} s`)}`);
    throw error;
  } finally {
    clearInterval(ticker);
  }
}

export function line(text = "") {
  process.stdout.write(`${process.stdout.isTTY ? "\r\x1b[K" : ""}${text}\n`);
}

/** Ends the process with one sentence for a fault of the set-up, and with the stack for a fault of ours. */
export function giveUp(error) {
  process.stderr.write(`\n${error instanceof StartError ? error.message : (error?.stack ?? error)}\n`);
  process.exit(1);
}

const seconds = (begin) => ((performance.now() - begin) / 1000).toFixed(1);
