import { describe, expect, it } from "vitest";
import { deviceClock } from "../../src/client/device-clock.ts";
import { createAuthFetch } from "../../src/client/index.ts";
import { apiOrigin } from "./scripted-api.ts";

const day = 86_400;

/** A device whose two clocks a test moves, in seconds. */
function device() {
  let monotonic = 5;
  let wall = 1_800_000_000;
  return {
    clock: deviceClock(
      () => monotonic * 1000,
      () => wall * 1000,
    ),
    pass(seconds: number) {
      monotonic += seconds;
      wall += seconds;
    },
    sleep(seconds: number) {
      wall += seconds;
    },
    setClock(seconds: number) {
      wall += seconds;
    },
  };
}

describe("the device's clock", () => {
  it("counts what passes", () => {
    const { clock, pass } = device();
    const start = clock.now();
    pass(12.5);
    expect(clock.now() - start).toBe(12.5);
  });

  it("counts sleep, through which performance.now() may stand still", () => {
    const { clock, pass, sleep } = device();
    const start = clock.now();
    pass(10);
    sleep(3600);
    expect(clock.now() - start).toBe(3610);
  });

  it("does not run backwards when it is set back", () => {
    const { clock, pass, setClock } = device();
    const start = clock.now();
    setClock(-day);
    pass(10);
    expect(clock.now() - start).toBe(10);
  });

  it("counts sleep after it was set back", () => {
    const { clock, pass, setClock, sleep } = device();
    const start = clock.now();
    setClock(-day);
    pass(10);
    clock.now();
    sleep(100);
    expect(clock.now() - start).toBe(110);
  });

  it("does not add up the small differences of the two", () => {
    const { clock, pass, setClock } = device();
    const start = clock.now();
    for (let reading = 0; reading < 1000; reading += 1) {
      pass(0.25);
      setClock(reading % 2 === 0 ? 0.25 : -0.25);
      clock.now();
    }
    expect(clock.now() - start).toBe(250);
  });
});

describe("a token", () => {
  /** What is sent at once, and again after `change`. */
  async function tokensSent(change: (one: ReturnType<typeof device>) => void) {
    const one = device();
    const sent: (string | null)[] = [];
    let asked = 0;
    const authFetch = createAuthFetch({
      apiOrigin,
      clock: one.clock,
      getToken: async () => {
        asked += 1;
        return { token: `t${asked}`, expiresIn: 900 };
      },
      fetch: async (_, init) => {
        sent.push(new Headers(init?.headers).get("authorization"));
        return new Response();
      },
    });
    await authFetch(apiOrigin);
    change(one);
    await authFetch(apiOrigin);
    return sent;
  }

  const kept = ["Bearer t1", "Bearer t1"];
  const replaced = ["Bearer t1", "Bearer t2"];

  it("is kept and replaced in time when the clock is set back by a day meanwhile", async () => {
    const setBackAnd = (seconds: number) =>
      tokensSent(({ setClock, pass }) => {
        setClock(-day);
        pass(seconds);
      });
    expect(await setBackAnd(869)).toEqual(kept);
    expect(await setBackAnd(870)).toEqual(replaced);
  });

  it("is replaced early, once, when the clock is set forward by a day", async () => {
    expect(await tokensSent(({ setClock }) => setClock(day))).toEqual(replaced);
  });

  it("is replaced after the device has slept", async () => {
    expect(await tokensSent(({ sleep }) => sleep(3600))).toEqual(replaced);
  });

  it("is judged by differences alone, whatever the date", async () => {
    expect(await tokensSent(({ pass }) => pass(869))).toEqual(kept);
    expect(await tokensSent(({ pass }) => pass(870))).toEqual(replaced);
  });
});
