import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fromRoot, onceFor } from "../workspace/folders.mjs";

let folder;
const children = new Set();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "watchword-lock-"));
});
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
  rmSync(folder, { recursive: true, force: true });
});

const inFolder = (...names) => join(folder, ...names);
const log = () => (existsSync(inFolder("log")) ? readFileSync(inFolder("log"), "utf8").split("\n") : []);

/** A command that builds: it notes its begin and its end, and goes on once the file `go` is there. */
const program = `
  const { appendFileSync, existsSync } = await import("node:fs");
  const { onceFor } = await import(${JSON.stringify(pathToFileURL(fromRoot("scripts", "workspace", "folders.mjs")).href)});
  const [stamp, value] = process.argv.slice(1);
  const result = await onceFor("building the package", stamp, [value], async () => {
    appendFileSync("log", "begin\\n");
    while (!existsSync("go")) await new Promise((resolve) => setTimeout(resolve, 5));
    appendFileSync("log", "end\\n");
  }, "lock");
  console.log(result ?? "done");
`;

function build(stamp, value = "1") {
  const args = ["--input-type=module", "--eval", program, stamp, value];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  children.add(child);
  const command = { child, output: "", ended: once(child, "close") };
  child.stdout.on("data", (data) => {
    command.output += data;
  });
  return command;
}

const begun = () => vi.waitFor(() => expect(log()).toContain("begin"), 10_000);
const go = () => writeFileSync(inFolder("go"), "");
const waits = (command, { child }) =>
  vi.waitFor(
    () =>
      expect(command.output).toContain(`(process ${child.pid}) is building the package. This one goes on`),
    10_000,
  );

describe("two commands at once", () => {
  it("build once: the second says whom it waits for, and finds the work done", async () => {
    const first = build("stamp");
    await begun();
    const second = build("stamp");
    await waits(second, first);
    go();
    await Promise.all([first.ended, second.ended]);
    expect(log()).toEqual(["begin", "end", ""]);
    expect([first.output, second.output.split("\n").at(-2)]).toEqual(["done\n", "skipped"]);
  });

  it("do not do different things at once either", async () => {
    const first = build("one");
    await begun();
    const second = build("two");
    await waits(second, first);
    expect(log()).toEqual(["begin", ""]);
    go();
    await Promise.all([first.ended, second.ended]);
    expect(log()).toEqual(["begin", "end", "begin", "end", ""]);
  });
});

describe("a lock that a killed command left", () => {
  it("is taken over by one command at a time of all that wait for it", async () => {
    const killed = build("killed");
    await begun();
    const others = Array.from({ length: 6 }, (_, index) => build(`other-${index}`));
    for (const other of others) await waits(other, killed);
    killed.child.kill("SIGKILL");
    await killed.ended;
    go();
    await Promise.all(others.map(({ ended }) => ended));
    const [lost, ...rest] = log();
    expect([lost, rest.join()]).toEqual(["begin", `${"begin,end,".repeat(6)}`]);
    expect(readdirSync(inFolder("lock"))).toEqual(["7"]);
  });

  it("holds nobody up where another process has its number now", async () => {
    mkdirSync(inFolder("lock"));
    const claim = { process: process.pid, port: 1, doing: "building the package" };
    writeFileSync(inFolder("lock", "41"), JSON.stringify(claim));
    expect(await onceFor("building", inFolder("stamp"), ["1"], () => {}, inFolder("lock"))).toBeUndefined();
    expect(readdirSync(inFolder("lock"))).toEqual(["42"]);
  });
});

it("work that was interrupted is not taken for done, whatever was there before", async () => {
  const work = (value, doIt = () => {}) =>
    onceFor("building", inFolder("stamp"), [value], doIt, inFolder("lock"));
  await work("before");
  await expect(work("after", () => Promise.reject(new Error("interrupted")))).rejects.toThrow("interrupted");
  expect(await work("before")).toBeUndefined();
  expect(await work("before")).toBe("skipped");
});
