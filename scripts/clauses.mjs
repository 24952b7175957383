// `node scripts/clauses.mjs [--check]`: contract/clauses.json, the clauses of contract/README.md as data, each with the codes that it decides.
import { readFileSync, writeFileSync } from "node:fs";
import { fromRoot } from "./workspace/folders.mjs";

const target = fromRoot("contract", "clauses.json");

/** The clauses of tokens (`CS-1` …) by number, and the HTTP rule that puts the decisions about a request into their order. */
function clausesOf(contract, codes) {
  const clauses = {};
  let current;
  for (const line of contract.split("\n")) {
    const clause = /^- \*\*(CS-\d+)\*\* (.*)$/.exec(line);
    const rule = /^(3)\. (.*)$/.exec(line);
    const more = /^\s+(\S.*)$/.exec(line);
    if (clause) current = clauses[clause[1]] = { text: clause[2] };
    else if (rule) current = clauses[`HTTP-${rule[1]}`] = { text: rule[2] };
    else if (more && current) current.text += ` ${more[1]}`;
    else current = undefined;
  }
  for (const entry of Object.values(clauses)) {
    const words = new Set([...entry.text.matchAll(/`([a-z_]+)`/g)].map(([, word]) => word));
    entry.codes = codes.filter((code) => words.has(code));
  }
  return clauses;
}

const errors = JSON.parse(readFileSync(fromRoot("contract", "errors.json"), "utf8"));
const contract = readFileSync(fromRoot("contract", "README.md"), "utf8");
const made = clausesOf(contract, Object.keys(errors.codes));
if (process.argv[2] === "--check") {
  const kept = JSON.parse(readFileSync(target, "utf8"));
  if (JSON.stringify(kept) !== JSON.stringify(made)) {
    process.stderr.write(
      "contract/clauses.json is older than contract/README.md: run node scripts/clauses.mjs.\n",
    );
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, `${JSON.stringify(made, null, 2)}\n`);
}
