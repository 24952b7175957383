import { describe, expect, test } from "vitest";
import { publicCases } from "./public-cases.ts";
import { type Expectation, publicFiles, readPublic } from "./public-files.ts";

const expectations = readPublic<Readonly<Record<string, Expectation>>>("expectations.json");

test("every public file has its expectation, and none is expected that is not there", () => {
  expect(publicFiles()).toEqual(Object.keys(expectations).sort());
});

describe.each(Object.entries(expectations))("%s", (path, { cases, accepted, exceptions }) => {
  const all = publicCases(path);

  test(`has ${cases} cases, of which ${accepted} are accepted`, () => {
    expect(all.length).toBe(cases);
    expect(all.filter(({ accepts }) => accepts()).length).toBe(accepted);
  });

  test("is decided as its authors say, but for the exceptions with a reason", () => {
    const different = all
      .filter(({ upstream, accepts }) => (upstream === "accepted") !== accepts())
      .map(({ id }) => id);
    expect(different).toEqual(exceptions.flatMap(({ ids }) => ids).sort((a, b) => Number(a) - Number(b)));
  });

  test("has exceptions that say what is decided instead, and why", () => {
    for (const { ids, expect: decided, why } of exceptions) {
      expect(why).not.toBe("");
      const upstream = all.filter(({ id }) => ids.includes(id)).map((one) => one.upstream);
      expect(upstream).toEqual(ids.map(() => (decided === "accepted" ? "refused" : "accepted")));
    }
  });
});
