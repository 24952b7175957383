import { admin, username } from "better-auth/plugins";
import { describe, expect, it } from "vitest";
import { fixedClock } from "../../../src/testing/index.ts";
import { issuerOn, signIn } from "../issuer-fixture.ts";
import { ask, issuer, person, plugin, post, signUp } from "../real-auth.ts";
import { freshStore } from "../stores.ts";

const wrong = "wrong horse battery";

async function guarded(wrongPasswordsPerMinute = 5) {
  const clock = fixedClock(Math.floor(Date.now() / 1000));
  const { auth } = await issuerOn(await freshStore("SQLite"), {
    options: {
      user: { deleteUser: { enabled: true } },
      plugins: [
        admin(),
        username(),
        plugin({ revocation: { replicaClockSkewSeconds: 0 }, protect: { wrongPasswordsPerMinute }, clock }),
      ],
    },
  });
  const cookie = await signUp(auth, { ...person, username: "ada_l" } as typeof person);
  return { auth, clock, cookie };
}

const code = async (response: Promise<Response>) =>
  ((await (await response).json()) as { code?: string }).code;

describe("wrong passwords of one account", () => {
  it("share one limit over every path that checks a password", async () => {
    const { auth, cookie, clock } = await guarded();
    const guesses = [
      () => post(auth, "/sign-in/email", { email: person.email, password: wrong }),
      () => post(auth, "/sign-in/email", { email: person.email.toUpperCase(), password: wrong }),
      () => post(auth, "/sign-in/username", { username: "Ada_L", password: wrong }),
      () => post(auth, "/verify-password", { password: wrong }, cookie),
      () => post(auth, "/delete-user", { password: wrong }, cookie),
      () => post(auth, "/change-password", { currentPassword: wrong, newPassword: wrong }, cookie),
    ];
    const statuses: number[] = [];
    for (const guess of guesses.slice(0, 5)) statuses.push((await guess()).status);
    expect(statuses.includes(429)).toBe(false);
    for (const guess of guesses) expect(await code(guess())).toBe("TOO_MANY_PASSWORD_ATTEMPTS");
    const refused = await post(auth, "/sign-in/email", person);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
    clock.advance(61);
    expect((await post(auth, "/sign-in/email", person)).status).toBe(200);
  });

  it("are counted whatever address the request names, and at once too", async () => {
    const { auth } = await guarded();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        ask(auth, "/sign-in/email", {
          method: "POST",
          headers: {
            "content-type": "application/json",
            origin: issuer,
            "x-forwarded-for": `10.0.0.${index}`,
          },
          body: JSON.stringify({ email: person.email, password: wrong }),
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
  });

  it("keep no other account from signing in, nor open sessions from working", async () => {
    const { auth, cookie } = await guarded();
    await signUp(auth, { ...person, email: "eve@app.test" });
    for (let count = 0; count < 6; count += 1)
      await post(auth, "/sign-in/email", { email: person.email, password: wrong });
    await signIn(auth, { ...person, email: "eve@app.test" });
    expect((await ask(auth, "/token", { headers: { cookie } })).status).toBe(200);
  });

  it("are not the right ones: any number of those passes", async () => {
    const { auth } = await guarded();
    for (let count = 0; count < 12; count += 1)
      expect((await post(auth, "/sign-in/email", person)).status).toBe(200);
  });
});
