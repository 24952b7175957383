import { expect, test } from "vitest";
import { fixedClock } from "../../src/testing/index.ts";

test("a fixed clock stands still until it is moved", () => {
  const clock = fixedClock(1_767_225_600);
  expect([clock.now(), clock.now()]).toEqual([1_767_225_600, 1_767_225_600]);
  clock.advance(0.5);
  clock.advance(-2);
  expect(clock.now()).toBe(1_767_225_598.5);
});
