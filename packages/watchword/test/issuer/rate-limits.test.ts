import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { askFeed, issuerOn } from "./issuer-fixture.ts";
import { ask, plugin, realAuth, signUp } from "./real-auth.ts";
import { freshStore } from "./stores.ts";

/** Better Auth's counts outlive its instances: each test has a day of its own. */
let day = Date.now();
beforeEach(() => {
  day += 86_400_000;
  vi.useFakeTimers({ toFake: ["Date"], now: day });
});
afterEach(() => void vi.useRealTimers());

/** How often an answer is 429 of so many requests, with so much time between each two. */
async function refused(count: number, milliseconds: number, send: () => Promise<Response>): Promise<number> {
  let found = 0;
  for (let index = 0; index < count; index += 1) {
    if ((await send()).status === 429) found += 1;
    vi.setSystemTime(Date.now() + milliseconds);
  }
  return found;
}

const limited = { rateLimit: { enabled: true } };

it("a token every second is given without end, and of a thousand at once a hundred", async () => {
  const { auth } = await realAuth({ ...limited, plugins: [plugin()] });
  const cookie = await signUp(auth);
  const send = () => ask(auth, "/token", { headers: { cookie } });
  expect(await refused(250, 1000, send)).toBe(0);
  expect(await refused(1000, 0, send)).toBe(900);
});

it("tokens keep to the limit that the application sets for everything", async () => {
  const { auth } = await realAuth({
    rateLimit: { enabled: true, window: 10, max: 20 },
    plugins: [plugin()],
  });
  const cookie = await signUp(auth);
  expect(await refused(30, 0, () => ask(auth, "/token", { headers: { cookie } }))).toBe(10);
});

it("verifiers who ask every second for hours are never sent away", async () => {
  const { auth } = await issuerOn(await freshStore("SQLite"), { options: limited });
  expect(await refused(6100, 1000, () => askFeed(auth))).toBe(0);
});
