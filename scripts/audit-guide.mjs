// `node scripts/audit-guide.mjs` writes the tables of docs/guides/audit.md from contract/events.json; `--check` only compares.
import { readFileSync, writeFileSync } from "node:fs";
import { fromRoot } from "./workspace/folders.mjs";

const guide = fromRoot("docs", "guides", "audit.md");
const { record, services, attributes, events } = JSON.parse(
  readFileSync(fromRoot("contract", "events.json"), "utf8"),
);

const code = (text) => `\`${text}\``;
const row = (...cells) => `| ${cells.join(" | ")} |`;
const table = (head, rows) => [row(...head), row(...head.map(() => "---")), ...rows].join("\n");
const severityOf = (event) => event.severity.join(", ");
const factsOf = ({ facts, optional }) =>
  [
    ...facts.map((fact) => code(attributes[fact].name)),
    ...optional.map((fact) => `[${code(attributes[fact].name)}]`),
  ].join(" ");

const tables = {
  record: table(
    ["field", "value"],
    Object.entries(record).map(([name, text]) => row(code(name), text)),
  ),
  attributes: table(
    ["attribute", "type", "meaning"],
    Object.values(attributes).map(({ name, type, unit, text }) =>
      row(code(name), unit ? `${type}, ${unit}` : type.replace("request_id", "word"), text),
    ),
  ),
  ...Object.fromEntries(
    Object.entries(services).map(([service, sides]) => [
      service,
      table(
        ["event", "severity", "told when", "attributes"],
        events
          .filter(({ side }) => sides.includes(side))
          .map((event) => row(code(event.name), severityOf(event), event.text, factsOf(event))),
      ),
    ]),
  ),
};

const before = readFileSync(guide, "utf8");
const after = Object.entries(tables).reduce((text, [name, rows]) => {
  const [begin, end] = [`<!-- table: ${name} -->`, "<!-- /table -->"];
  const from = text.indexOf(begin);
  if (from < 0) throw new Error(`docs/guides/audit.md has no place for the table ${name}.`);
  return `${text.slice(0, from)}${begin}\n${rows}\n${text.slice(text.indexOf(end, from))}`;
}, before);

if (process.argv.includes("--check")) {
  if (after !== before) {
    process.stderr.write(
      "docs/guides/audit.md is not what contract/events.json says: run node scripts/audit-guide.mjs.\n",
    );
    process.exitCode = 1;
  }
} else writeFileSync(guide, after);
