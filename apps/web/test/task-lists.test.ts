import { describe, expect, it } from "vitest";
import {
  loadedCount,
  matches,
  placeTask,
  removeTask,
  type TaskPages,
} from "../components/tasks/task-lists.ts";
import type { Task, TaskQuery } from "../lib/task.ts";

const all: TaskQuery = { filter: "all", search: "" };
const open: TaskQuery = { filter: "open", search: "" };

function task(id: number, change: Partial<Task> = {}): Task {
  const time = `2026-01-01T00:00:0${Math.abs(id)}.000Z`;
  return {
    id,
    user_id: "ada",
    title: `Task ${id}`,
    description: null,
    completed: false,
    version: 1,
    created_at: time,
    updated_at: time,
    ...change,
  };
}

function pages(total: number, ...items: Task[][]): TaskPages {
  return {
    pages: items.map((page, index) => ({ items: page, total, limit: 2, offset: index * 2 })),
    pageParams: items.map((_page, index) => index * 2),
  };
}

const ids = (list: TaskPages) => list.pages.map((page) => page.items.map((item) => item.id));
const total = (list: TaskPages) => list.pages[0]?.total;

describe("placeTask", () => {
  it("puts a task that is not saved yet before all others", () => {
    const list = placeTask(
      pages(2, [task(2), task(1)]),
      all,
      task(-1, { created_at: "2020-01-01T00:00:00.000Z" }),
    );
    expect([ids(list), total(list)]).toEqual([[[-1, 2, 1]], 3]);
  });

  it("puts a task back where the API would list it", () => {
    const list = placeTask(pages(4, [task(5), task(4)], [task(2), task(1)]), all, task(3));
    expect([ids(list), total(list)]).toEqual([
      [
        [5, 4],
        [3, 2, 1],
      ],
      5,
    ]);
  });

  it("replaces a task without counting it twice", () => {
    const list = placeTask(pages(2, [task(2), task(1)]), all, task(2, { title: "Changed" }));
    expect([list.pages[0]?.items[0]?.title, total(list)]).toEqual(["Changed", 2]);
  });

  it("takes a completed task out of the open ones", () => {
    const list = placeTask(pages(2, [task(2), task(1)]), open, task(2, { completed: true }));
    expect([ids(list), total(list)]).toEqual([[[1]], 1]);
  });

  it("leaves a task for a later page when it sorts behind everything loaded", () => {
    const list = placeTask(pages(4, [task(5), task(4)]), all, task(1));
    expect([ids(list), total(list)]).toEqual([[[5, 4]], 5]);
  });

  it("appends the oldest task when everything is loaded", () => {
    const list = placeTask(pages(1, [task(5)]), all, task(1));
    expect(ids(list)).toEqual([[5, 1]].map((page) => page));
  });

  it("fills an empty list", () => {
    expect(ids(placeTask(pages(0, []), all, task(1)))).toEqual([[1]]);
  });
});

describe("removeTask", () => {
  it("takes a task out and lowers the total of every page", () => {
    const list = removeTask(pages(3, [task(3), task(2)], [task(1)]), 2);
    expect([ids(list), list.pages.map((page) => page.total), loadedCount(list.pages)]).toEqual([
      [[3], [1]],
      [2, 2],
      2,
    ]);
  });

  it("changes nothing for a task that is not there", () => {
    const list = pages(1, [task(1)]);
    expect(removeTask(list, 9)).toBe(list);
  });
});

describe("matches", () => {
  it("finds a part of title or description without the case of ASCII letters", () => {
    const found = task(1, { title: "Buy MILK", description: "from the Corner" });
    expect(["milk", "corner", "x"].map((search) => matches(found, { filter: "all", search }))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("keeps the case of other letters, as the API does", () => {
    expect(matches(task(1, { title: "Äpfel" }), { filter: "all", search: "äpfel" })).toBe(false);
  });
});
