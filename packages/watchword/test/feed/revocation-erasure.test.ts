import { expect, test } from "vitest";
import { Erasures } from "../../src/feed/revocation-erasure.ts";

test("a user who is added while another is being erased follows at once", async () => {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const erasures = new Erasures(
    (userId) => {
      begun.push(userId);
      return new Promise((resolve) => ends.push(resolve));
    },
    () => {},
  );
  erasures.add("ann", 1);
  const ran = erasures.run(1);
  erasures.add("bob", 2);
  void erasures.run(2);
  expect(begun).toEqual(["ann"]);
  ends.shift()?.();
  await new Promise(setImmediate);
  expect(begun).toEqual(["ann", "bob"]);
  ends.shift()?.();
  await ran;
});

test("one that fails is not tried again before the next round", async () => {
  let tried = 0;
  const told: unknown[] = [];
  const erasures = new Erasures(
    () => {
      tried += 1;
      throw new Error("the database is away");
    },
    (...what) => told.push(what),
  );
  erasures.add("ann", 1);
  await erasures.run(1);
  expect([tried, told]).toEqual([1, [["ann", false]]]);
  await erasures.run(1);
  expect(tried).toBe(2);
});
