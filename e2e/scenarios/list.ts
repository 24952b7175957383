import { chatCases, holdConversation } from "./chat-cases.ts";
import { checks } from "./checks/index.ts";
import { Failure, runSteps, type Target } from "./run.ts";
import { type Json, type Scenario, scenarioFiles } from "./scenario.ts";

/** One line of the list that a run prints. */
export interface Result {
  /** `ISO-016`, or the subject of the file and a number. */
  readonly id: string;
  readonly name: string;
  readonly outcome: "passed" | "failed" | "not applying";
  /** What does not hold, or why nothing can be asked. */
  readonly because?: string;
}

/** What a run has to prove, by the name of its line. */
interface Entry {
  readonly id: string;
  readonly name: string;
  readonly work: readonly ((target: Target) => Promise<void>)[];
  readonly notApplying?: string;
}

const isolationLines = 136;
/** The only lines that may ask nothing of a service, each with its reason. */
const mayNotApply = new Set(["ISO-058", "ISO-075", "ISO-079", "ISO-081", "ISO-125", "ISO-127"]);

function lineId(number: number): string {
  return `ISO-${String(number).padStart(3, "0")}`;
}

function rowsOf(scenario: Scenario): readonly Readonly<Record<string, Json>>[] {
  return scenario.each ?? [{}];
}

/** A name in which what stands in the row is filled in, and the rest stays as it is. */
function named(name: string, row: Readonly<Record<string, Json>>): string {
  return name.replaceAll(/\{\{([\w.]+)\}\}/g, (whole, key: string) =>
    Object.hasOwn(row, key) ? String(row[key]) : whole,
  );
}

function workOf(scenario: Scenario, row: Readonly<Record<string, Json>>): (target: Target) => Promise<void> {
  const { check } = scenario;
  if (check === undefined) return (target) => runSteps(target, scenario, row);
  const program = checks[check];
  if (program === undefined) throw new Error(`${scenario.name}: there is no check ${check}.`);
  return (target) => program(target, scenario);
}

/**
 * Everything to be proved: the lines of the isolation list by number, then the scenarios file by file, then the
 * conversations of contract/chat. */
export function entries(): readonly Entry[] {
  const lines = new Map<string, Entry>();
  const others: Entry[] = [];
  for (const { subject, scenarios } of scenarioFiles()) {
    let count = 0;
    for (const scenario of scenarios) {
      const work = rowsOf(scenario).map((row) => workOf(scenario, row));
      if (scenario.line === undefined) {
        for (const row of rowsOf(scenario)) {
          count += 1;
          others.push({
            id: `${subject} ${count}`,
            name: named(scenario.name, row),
            work: [workOf(scenario, row)],
          });
        }
        continue;
      }
      const before = lines.get(scenario.line);
      lines.set(scenario.line, {
        id: scenario.line,
        name: before?.name ?? scenario.name,
        work: [...(before?.work ?? []), ...(scenario.notApplying === undefined ? work : [])],
        ...(scenario.notApplying !== undefined && { notApplying: scenario.notApplying }),
      });
    }
  }
  const numbers = Array.from({ length: isolationLines }, (_, index) => lineId(index + 1));
  const surplus = [...lines.keys()].find((id) => !numbers.includes(id));
  if (surplus !== undefined) throw new Error(`The isolation list has no line ${surplus}.`);
  const gap = (id: string): Entry => ({
    id,
    name: "has no proof",
    work: [
      async () => {
        throw new Failure("no scenario and no check proves this line");
      },
    ],
  });
  const conversations = chatCases().map((one, index): Entry => {
    const [first] = one.say;
    return {
      id: `assistant ${index + 1}`,
      name: `${one.id}: ${JSON.stringify(first?.message ?? "")}`,
      work: [(target) => holdConversation(target, one)],
    };
  });
  return [...numbers.map((id) => lines.get(id) ?? gap(id)), ...others, ...conversations];
}

async function resultOf({ id, name, work, notApplying }: Entry, target: Target): Promise<Result> {
  if (notApplying !== undefined && work.length === 0)
    return mayNotApply.has(id)
      ? { id, name, outcome: "not applying", because: notApplying }
      : { id, name, outcome: "failed", because: `this line has to be proved (${notApplying})` };
  const faults: string[] = [];
  for (const prove of work) {
    try {
      await prove(target);
    } catch (error) {
      faults.push(error instanceof Failure ? error.message : ((error as Error).stack ?? String(error)));
    }
  }
  if (faults.length === 0) return { id, name, outcome: "passed" };
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : "";
  return { id, name, outcome: "failed", because: `${faults[0]}${more}` };
}

/** Proves everything whose line holds one of the words, one after another; each result is told as soon as it is there. */
export async function proveAll(
  target: Target,
  words: readonly string[],
  tell: (result: Result) => void,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const entry of entries()) {
    const line = `${entry.id} ${entry.name}`;
    if (words.length > 0 && !words.some((word) => line.includes(word))) continue;
    const result = await resultOf(entry, target);
    results.push(result);
    tell(result);
  }
  return results;
}
