import { describe, expect, it } from "vitest";
import { positionAt } from "../../src/issuer/feed/revocation-log.ts";
import { fixedClock } from "../../src/testing/fixed-clock.ts";
import { askFeed, issuerOn, until } from "./issuer-fixture.ts";
import { ask, claimsOf, issue, person, post, signUp } from "./real-auth.ts";
import { freshStore } from "./stores.ts";

describe("a token after a mark", () => {
  it("is not issued in a second that the mark covers: the request waits for the next one", async () => {
    const time = fixedClock(Math.floor(Date.now() / 1000));
    let looks = 0;
    const clock = {
      now() {
        looks += 1;
        return time.now();
      },
    };
    const { auth } = await issuerOn(await freshStore("SQLite"), { watchword: { clock } });
    const cookie = await signUp(auth);
    const body = { currentPassword: person.password, newPassword: "another horse battery" };
    const changedAt = time.now();
    expect((await post(auth, "/change-password", body, cookie)).status).toBe(200);
    let answered = false;
    const asked = issue(auth, cookie).finally(() => {
      answered = true;
    });
    time.advance(0.9);
    looks = 0;
    await until(() => looks > 3);
    expect(answered).toBe(false);
    time.advance(0.1);
    expect(claimsOf((await asked).token)["iat"]).toBe(changedAt + 1);
  });

  it("is refused with 503 when the log cannot be read", async () => {
    const store = await freshStore("SQLite");
    const { auth } = await issuerOn(store);
    const cookie = await signUp(auth);
    await store.query(`alter table "watchwordRevocation" rename to gone`);
    const response = await ask(auth, "/token", { headers: { cookie } });
    expect([response.status, (await response.json()).code]).toEqual([503, "SESSION_STORE_UNAVAILABLE"]);
    expect((await askFeed(auth)).status).toBe(503);
  });
});

describe("positions in the log", () => {
  it("are digits of one length in the order of time", () => {
    const times = [0, 1, 1_800_000_000, 1_800_000_000.001, 9_999_999_999];
    const positions = times.map(positionAt);
    expect(positions.every((one) => /^[0-9]{29}$/.test(one))).toBe(true);
    expect([...positions].sort()).toEqual(positions);
  });
});
