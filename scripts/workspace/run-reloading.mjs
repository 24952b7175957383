// `node run-reloading.mjs FOLDER … -- COMMAND ARGUMENT …`: keeps a command running and starts it anew when a file changes.
import { spawn } from "node:child_process";
import { watch } from "node:fs";

const words = process.argv.slice(2);
const folders = words.slice(0, words.indexOf("--"));
const [command, ...args] = words.slice(words.indexOf("--") + 1);

let child;
let stopping = false;
let changed = false;

function run() {
  changed = false;
  child = spawn(command, args, { stdio: "inherit" });
  child.on("error", () => process.exit(1));
  child.on("close", (code) => {
    child = undefined;
    if (changed) run();
    else if (stopping || code === 0) process.exit(code ?? 1);
    // After a crash: wait for the next change.
  });
}

function restart(_kind, file) {
  if (stopping || !/\.(py|sql|json)$/.test(file ?? "")) return;
  changed = true;
  if (child) child.kill("SIGTERM");
  else run();
}

for (const folder of folders) watch(folder, { recursive: true }, restart);
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    stopping = true;
    if (child) child.kill("SIGTERM");
    else process.exit(0);
  });
}
run();
