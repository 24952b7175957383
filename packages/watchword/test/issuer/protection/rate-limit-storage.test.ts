import { expect, test } from "vitest";
import { slidingRateLimits } from "../../../src/issuer/index.ts";

test("nine requests in every minute never meet a limit of ten, and the eleventh in a minute does", async () => {
  let now = 0;
  const { consume } = slidingRateLimits(() => now);
  const rule = { max: 10, window: 60 };
  const steady: boolean[] = [];
  for (; now < 1200; now += 60 / 9) steady.push((await consume("steady", rule)).allowed);
  expect(steady.every(Boolean)).toBe(true);
  const burst = await Promise.all(Array.from({ length: 11 }, () => consume("burst", rule)));
  expect(burst.map(({ allowed }) => allowed)).toEqual([...Array.from({ length: 10 }, () => true), false]);
  expect(burst.at(-1)?.retryAfter).toBe(60);
  now += 60;
  expect((await consume("burst", rule)).allowed).toBe(true);
});

test("a clock that is set back lets requests through again", async () => {
  let now = 1000;
  const { consume } = slidingRateLimits(() => now);
  await consume("one", { max: 1, window: 60 });
  now = 10;
  expect((await consume("one", { max: 1, window: 60 })).allowed).toBe(true);
});
