import type { Task, TaskCreate, TaskList, TaskQuery, TaskUpdate } from "../tasks/schemas.ts";
import { type State, sentence } from "./language.ts";
import type { Reference } from "./reference.ts";
import { countOf } from "./report.ts";
import { keysOf } from "./words.ts";

/** The tasks of one owner, as far as the assistant reaches them. */
export interface ChatTasks {
  list(query: TaskQuery): Promise<TaskList>;
  find(id: number): Promise<Task | undefined>;
  create(values: TaskCreate): Promise<Task>;
  change(id: number, values: TaskUpdate): Promise<Task>;
  remove(id: number): Promise<void>;
}

export type Operation = "complete" | "reopen" | "rename" | "delete";

/** What a reference led to: tasks, several that it may mean, or the sentence that says why there is none. */
export type Found =
  | { readonly kind: "tasks"; readonly tasks: readonly Task[]; readonly missing: readonly number[] }
  | { readonly kind: "several"; readonly tasks: readonly Task[] }
  | { readonly kind: "none"; readonly text: string };

/** The most tasks that one message changes. */
const maxChanged = 100;
/** The most candidates that the assistant offers. */
const maxCandidates = 20;
/** How many tasks are looked through for words of a title, the newest first. */
const maxSearched = 500;
const pageSize = 100;

const plainWord = /^[a-z0-9]+$/;

/** Looks for the tasks that are meant; `mentioned` is the task that "it" stands for. */
export function findTasks(
  tasks: ChatTasks,
  which: Reference,
  operation: Operation,
  mentioned: number | null,
): Promise<Found> | Found {
  switch (which.by) {
    case "numbers":
      return which.numbers.length > maxChanged
        ? { kind: "none", text: sentence("too_many") }
        : tasksByNumber(tasks, which.numbers);
    case "mentioned":
      return mentioned === null
        ? { kind: "none", text: sentence("which_task") }
        : tasksByNumber(tasks, [mentioned]);
    case "state":
      return findAll(tasks, which.state, "", operation);
    case "about":
      return findAll(tasks, "all", which.words, operation);
    case "words":
      return findWords(tasks, which, operation);
  }
}

/** The tasks whose titles fit best: the same words, the words in a row, the words, parts of words. */
export function bestMatches(tasks: readonly Task[], which: Reference & { by: "words" }): Task[] {
  const { allKeys, keys } = which;
  if (keys.length === 0) return [];
  const phrase = spaced(keys);
  const fits: ((titleKeys: readonly string[]) => boolean)[] = [
    (title) => spaced(title) === spaced(allKeys) || spaced(title) === phrase,
    (title) => spaced(title).includes(phrase),
    (title) => keys.every((key) => title.includes(key)),
    (title) => keys.every((key) => title.some((word) => word.includes(key))),
  ];
  for (const fit of fits) {
    const found = tasks.filter(({ title }) => fit(keysOf(title)));
    if (found.length > 0) return found.sort((one, other) => one.id - other.id);
  }
  return [];
}

/** The tasks with these numbers, and the numbers that are of none. */
export async function tasksByNumber(
  tasks: ChatTasks,
  numbers: readonly number[],
): Promise<Found & { kind: "tasks" }> {
  const found: Task[] = [];
  const missing: number[] = [];
  for (const number of numbers) {
    const task = await tasks.find(number);
    if (task === undefined) missing.push(number);
    else found.push(task);
  }
  return { kind: "tasks", tasks: found, missing };
}

async function findAll(tasks: ChatTasks, state: State, q: string, operation: Operation): Promise<Found> {
  const sought = state === "all" ? stateFor(operation) : state;
  const { items, total } = await tasks.list({
    ...completedIn(sought),
    ...soughtAs(q),
    sort: "created_at",
    limit: maxChanged,
    offset: 0,
  });
  if (total > maxChanged) return { kind: "none", text: sentence("too_many") };
  if (total > 0) return { kind: "tasks", tasks: items, missing: [] };
  if (q !== "") return { kind: "none", text: sentence("no_match", { words: q }) };
  if (sought === "all") return { kind: "none", text: sentence("no_tasks") };
  return { kind: "none", text: sentence("nothing_listed", { kind: `${sought} tasks` }) };
}

async function findWords(
  tasks: ChatTasks,
  which: Reference & { by: "words" },
  operation: Operation,
): Promise<Found> {
  const narrowed = await newest(tasks, longestPlainWord(which.keys));
  const first = bestMatches(narrowed, which);
  const matches = first.length > 0 ? first : bestMatches(await newest(tasks, ""), which);
  const changeable = matches.filter(({ completed }) => completed === (operation === "reopen"));
  const isToggle = operation === "complete" || operation === "reopen";
  const candidates = isToggle && changeable.length > 0 ? changeable : matches;
  const words = which.said;
  if (candidates.length === 0) return { kind: "none", text: sentence("no_match", { words }) };
  if (candidates.length > maxCandidates) {
    return { kind: "none", text: sentence("many_match", { count: countOf(candidates.length), words }) };
  }
  const isClear = candidates.length === 1 || (isToggle && changeable.length === 0);
  return isClear ? { kind: "tasks", tasks: candidates, missing: [] } : { kind: "several", tasks: candidates };
}

async function newest(tasks: ChatTasks, q: string): Promise<readonly Task[]> {
  const found: Task[] = [];
  while (found.length < maxSearched) {
    const page = { ...soughtAs(q), sort: "-created_at", limit: pageSize, offset: found.length } as const;
    const { items } = await tasks.list(page);
    found.push(...items);
    if (items.length < pageSize) break;
  }
  return found;
}

/** The filter of a list for a text. */
export function soughtAs(q: string): Pick<TaskQuery, "q"> {
  return q === "" ? {} : { q };
}

/** The filter of a list for a state. */
export function completedIn(state: State): Pick<TaskQuery, "completed"> {
  return state === "all" ? {} : { completed: state === "done" };
}

/** What "all" means where only some can be changed. */
function stateFor(operation: Operation): State {
  if (operation === "complete") return "open";
  return operation === "reopen" ? "done" : "all";
}

/** The word that narrows the search in the database most; none where its letters may be written in several ways. */
function longestPlainWord(keys: readonly string[]): string {
  return keys
    .filter((key) => plainWord.test(key))
    .reduce((longest, key) => (key.length > longest.length ? key : longest), "");
}

function spaced(keys: readonly string[]): string {
  return ` ${keys.join(" ")} `;
}
