import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { fromRoot } from "../workspace/folders.mjs";
import { node24 } from "../workspace/node-tools.mjs";

const contract = (name) => JSON.parse(readFileSync(fromRoot("contract", name), "utf8"));
const guide = readFileSync(fromRoot("docs", "guides", "audit.md"), "utf8");
const { record, services, types, attributes, events } = contract("events.json");

it("the tables of docs/guides/audit.md are what contract/events.json says", () => {
  const args = [fromRoot("scripts", "audit-guide.mjs"), "--check"];
  expect(execFileSync(node24(), args, { encoding: "utf8" })).toBe("");
});

it("the guide names every event, every attribute and every field that all lines have", () => {
  const names = [...events, ...Object.values(attributes)].map(({ name }) => name);
  expect([...Object.keys(record), ...names].filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
});

it("every event is told by a service, with attributes and types that are described", () => {
  const sides = new Set(Object.values(services).flat());
  expect(events.filter(({ side }) => !sides.has(side))).toEqual([]);
  const facts = new Set(events.flatMap(({ facts, optional }) => [...facts, ...optional]));
  expect([...facts].sort()).toEqual(Object.keys(attributes).sort());
  expect(Object.values(attributes).filter(({ type }) => !(type in types))).toEqual([]);
});

it("the form of a request id is one", () => {
  const { min, max, pattern } = contract("defaults.json").http.request_id_characters;
  expect([pattern, types.request_id]).toEqual([`^[A-Za-z0-9_-]{${min},${max}}$`, pattern]);
  expect(guide).toContain(`${min}–${max} letters, digits, \`_\` or \`-\``);
});

const example = (name) => readFileSync(fromRoot("docs", "examples", name), "utf8");

it("the line in the guide is one of the contract", () => {
  const line = JSON.parse(example("audit-line.json"));
  const event = events.find(({ name }) => name === line["event.name"]);
  const known = [...event.facts, ...event.optional].map((fact) => attributes[fact].name);
  expect(Object.keys(line).filter((name) => !(name in record) && !known.includes(name))).toEqual([]);
});

it("the collector in the guide reads fields that every line has", () => {
  const read = [...example("collector.yaml").matchAll(/attributes(?:\.(\w+)|\["([\w.]+)"\])/g)];
  const names = new Set(read.map(([, plain, quoted]) => plain ?? quoted));
  expect([...names].sort()).toEqual(["service.name", "severity", "timestamp"]);
  expect([...names].filter((name) => !(name in record))).toEqual([]);
});
