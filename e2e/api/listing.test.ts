import { beforeAll, expect, it } from "vitest";
import { type ApiCaller, type Task, taskOf, tasksOf, type User } from "../support/api-caller.ts";
import { expectFaults } from "../support/conformance.ts";
import { describeBackends } from "../support/suite.ts";

describeBackends("a list is filtered, sorted and paged as asked", (api: ApiCaller) => {
  let ann: User;
  let ben: User;
  let tasks: Task[];
  const titles = ["banana", "Apple", "apple", "Zebra", "\u00c4rger", "10", "9", "banana"];
  const ids = async (query: string) => (await api.listTasks(ann, query)).items.map(({ id }) => id);
  const titlesOf = async (query: string) => (await api.listTasks(ann, query)).items.map(({ title }) => title);

  beforeAll(async () => {
    ann = api.user();
    ben = api.user();
    tasks = [];
    for (const [index, title] of titles.entries())
      tasks.push(
        await api.addTask(ann, {
          title,
          completed: index % 2 === 1,
          description: index === 0 ? "50%_Off" : null,
        }),
      );
    for (let count = 0; count < 3; count++) await api.addTask(ben, { title: "apple of ben" });
    const [first] = tasks;
    if (first) {
      await api.ask("PATCH", taskOf(ann, first.id), { token: ann.token, json: { completed: true } });
      await api.ask("PATCH", taskOf(ann, first.id), { token: ann.token, json: { completed: false } });
    }
  });

  it("without a query the newest comes first, fifty at most", async () => {
    const list = await api.listTasks(ann);
    expect(list.items.map(({ id }) => id)).toEqual(tasks.map(({ id }) => id).reverse());
    expect({ total: list.total, limit: list.limit, offset: list.offset }).toEqual({
      total: 8,
      limit: 50,
      offset: 0,
    });
  });

  it("the total counts the caller's tasks only", async () => {
    expect((await api.listTasks(ann)).total).toBe(8);
    await api.addTask(ben);
    expect((await api.listTasks(ann)).total).toBe(8);
  });

  it("completed=true and completed=false part the list", async () => {
    const done = await api.listTasks(ann, "?completed=true");
    const open = await api.listTasks(ann, "?completed=false");
    expect(done.items.every(({ completed }) => completed)).toBe(true);
    expect(open.items.some(({ completed }) => completed)).toBe(false);
    expect({ done: done.total, open: open.total }).toEqual({ done: 4, open: 4 });
  });

  it("titles are sorted by their bytes, and equal ones by id in the same direction", async () => {
    const sorted = ["10", "9", "Apple", "Zebra", "apple", "banana", "banana", "\u00c4rger"];
    expect(await titlesOf("?sort=title")).toEqual(sorted);
    expect(await titlesOf("?sort=-title")).toEqual([...sorted].reverse());
    expect(await ids("?sort=-title")).toEqual((await ids("?sort=title")).reverse());
  });

  it("created_at and updated_at sort in both directions", async () => {
    const byCreation = tasks.map(({ id }) => id);
    expect(await ids("?sort=created_at")).toEqual(byCreation);
    expect(await ids("?sort=-created_at")).toEqual([...byCreation].reverse());
    const byUpdate = [...byCreation.slice(1), byCreation[0]];
    expect(await ids("?sort=updated_at")).toEqual(byUpdate);
    expect(await ids("?sort=-updated_at")).toEqual([...byUpdate].reverse());
  });

  it("pages do not overlap and leave nothing out", async () => {
    const pages = [];
    for (const offset of [0, 3, 6, 9])
      pages.push(await api.listTasks(ann, `?sort=created_at&limit=3&offset=${offset}`));
    expect(pages.map(({ items }) => items.length)).toEqual([3, 3, 2, 0]);
    expect(pages.map(({ total }) => total)).toEqual([8, 8, 8, 8]);
    expect(pages.flatMap(({ items }) => items.map(({ id }) => id))).toEqual(tasks.map(({ id }) => id));
    expect({ limit: pages[1]?.limit, offset: pages[1]?.offset }).toEqual({ limit: 3, offset: 3 });
  });

  it("the greatest offset is past the end and no fault", async () => {
    expect((await api.listTasks(ann, "?offset=999999999")).items).toEqual([]);
  });

  it("leading zeros are part of an integer", async () => {
    expect((await api.listTasks(ann, "?limit=0010")).limit).toBe(10);
  });

  const found: readonly (readonly [q: string, titles: readonly string[]])[] = [
    ["apple", ["apple", "Apple"]],
    ["APPL", ["apple", "Apple"]],
    ["nan", ["banana", "banana"]],
    ["", [...titles].reverse()],
    ["%25", ["banana"]],
    ["_", ["banana"]],
    ["50%25_off", ["banana"]],
    ["50x", []],
    ["%5C", []],
    ["'", []],
    ["%C3%A4rger", []],
    ["%C3%84rger", ["\u00c4rger"]],
    ["%C3%84RGER", ["\u00c4rger"]],
    ["a+b", []],
    ["no+such", []],
  ];
  it.each(found)("q=%s finds the right titles", async (q, expected) => {
    expect(await titlesOf(`?q=${q}`)).toEqual(expected);
  });

  it("a plus sign in the query is a space", async () => {
    const spaced = await api.addTask(ben, { title: "one two" });
    const plussed = await api.addTask(ben, { title: "one+two" });
    const search = async (q: string) => (await api.listTasks(ben, `?q=${q}`)).items.map(({ id }) => id);
    expect(await search("one+two")).toEqual([spaced.id]);
    expect(await search("one%20two")).toEqual([spaced.id]);
    expect(await search("one%2Btwo")).toEqual([plussed.id]);
  });

  it("another user's text finds nothing", async () => {
    expect((await api.listTasks(ann, `?q=${ben.nonce}`)).total).toBe(0);
    expect((await api.listTasks(ann, "?q=of%20ben")).total).toBe(0);
  });

  it("filter, search and paging count together", async () => {
    const list = await api.listTasks(ann, "?q=banana&completed=true&limit=1");
    expect({ total: list.total, titles: list.items.map(({ title }) => title) }).toEqual({
      total: 1,
      titles: ["banana"],
    });
  });

  it("unknown parameters are ignored, repeated or malformed as they may be", async () => {
    const list = await api.listTasks(ann, "?x=1&x=2&%ff=%zz&=&&constructor=1&__proto__=2&group_by=user_id");
    expect(list.total).toBe(8);
  });

  it("parameter names are compared with their case", async () => {
    expect((await api.listTasks(ann, "?LIMIT=abc&Completed=maybe")).limit).toBe(50);
  });

  const faults: readonly (readonly [query: string, ...faults: string[]])[] = [
    ["limit=0", "query /limit too_small"],
    ["limit=101", "query /limit too_big"],
    ["limit=999999999", "query /limit too_big"],
    ["limit=1000000000", "query /limit invalid_format"],
    ["limit=-1", "query /limit invalid_format"],
    ["limit=%2B1", "query /limit invalid_format"],
    ["limit=1.0", "query /limit invalid_format"],
    ["limit=1e1", "query /limit invalid_format"],
    ["limit=0x1", "query /limit invalid_format"],
    ["limit=1_0", "query /limit invalid_format"],
    ["limit=%201", "query /limit invalid_format"],
    ["limit=1%20", "query /limit invalid_format"],
    ["limit=1%0A", "query /limit invalid_format"],
    ["limit=%EF%BC%91", "query /limit invalid_format"],
    ["limit=%D9%A1", "query /limit invalid_format"],
    ["limit=abc", "query /limit invalid_format"],
    ["limit=", "query /limit invalid_format"],
    ["limit", "query /limit invalid_format"],
    ["limit=NaN", "query /limit invalid_format"],
    ["limit=1&limit=1", "query /limit repeated"],
    ["limit=1&limit=x", "query /limit repeated"],
    ["%6cimit=0", "query /limit too_small"],
    ["offset=-1", "query /offset invalid_format"],
    ["offset=1000000000", "query /offset invalid_format"],
    ["offset=", "query /offset invalid_format"],
    ["offset=0&offset=0", "query /offset repeated"],
    ["completed=1", "query /completed invalid_value"],
    ["completed=True", "query /completed invalid_value"],
    ["completed=TRUE", "query /completed invalid_value"],
    ["completed=yes", "query /completed invalid_value"],
    ["completed=", "query /completed invalid_value"],
    ["completed", "query /completed invalid_value"],
    ["completed=true%20", "query /completed invalid_value"],
    ["completed=true&completed=false", "query /completed repeated"],
    ["sort=user_id", "query /sort invalid_value"],
    ["sort=Title", "query /sort invalid_value"],
    ["sort=--title", "query /sort invalid_value"],
    ["sort=%2Btitle", "query /sort invalid_value"],
    ["sort=title,created_at", "query /sort invalid_value"],
    ["sort=title;drop", "query /sort invalid_value"],
    ["sort=", "query /sort invalid_value"],
    ["sort=title&sort=title", "query /sort repeated"],
    [`q=${"a".repeat(201)}`, "query /q too_long"],
    ["q=%00", "query /q invalid_text"],
    ["q=a&q=b", "query /q repeated"],
    [
      "offset=x&limit=0&sort=x&q=a&q=b&completed=x",
      "query /completed invalid_value",
      "query /q repeated",
      "query /sort invalid_value",
      "query /limit too_small",
      "query /offset invalid_format",
    ],
  ];
  it.each(faults)("?%s is 422", async (query, ...expected) => {
    expectFaults(await api.ask("GET", `${tasksOf(ann)}?${query}`, { token: ann.token }), ...expected);
  });

  it("q is measured in code points", async () => {
    const emoji = "%F0%9F%98%80";
    expect((await api.listTasks(ann, `?q=${emoji.repeat(200)}`)).total).toBe(0);
    expectFaults(
      await api.ask("GET", `${tasksOf(ann)}?q=${emoji.repeat(201)}`, { token: ann.token }),
      "query /q too_long",
    );
  });
});
