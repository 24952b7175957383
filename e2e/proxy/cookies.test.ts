import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jwtLike } from "../support/jwt-like.ts";
import { codeOf, ProxyStage, type SignedIn } from "./stage.ts";

/** TLS ends in front of the application: it is told its public address and served in the clear here. */
const issuer = "https://app.example.test";

/** Where no link of a letter and no sign-in may lead. */
const foreignTargets = [
  "//evil.test",
  "/\\evil.test",
  "https:evil.test",
  "https://evil.test/",
  "javascript:alert(1)",
  "%09//evil.test",
  "/\t/evil.test",
  `https://app.example.test@evil.test/`,
  `https://app.example.test.evil.test/`,
  "data:text/html,x",
];

describe("session cookies of an application behind https", () => {
  let stage: ProxyStage;
  let ada: SignedIn;
  let bob: SignedIn;
  const tasks = ({ userId }: SignedIn) => `/api/${userId}/tasks`;
  beforeAll(async () => {
    stage = await ProxyStage.start({ api: "hono", issuer });
    ada = await stage.signUp("Ada");
    bob = await stage.signUp("Bob");
    await stage.addTask(ada, "Ada's own");
    await stage.addTask(bob, "Bob's own");
  });
  afterAll(async () => await stage?.stop());

  it("ISO-137: are prefixed, Secure, HttpOnly, SameSite, of one host, no JWT, and small enough to be kept", async () => {
    const answer = await stage.auth("/sign-in/email", {
      email: ada.email,
      password: "correct-horse-battery-9",
    });
    const cookies = answer.all("set-cookie");
    expect(cookies.some((one) => one.startsWith("__Secure-better-auth.session_token="))).toBe(true);
    for (const cookie of cookies) {
      const [pair = "", ...attributes] = cookie.split(/; */);
      const named = attributes.map((one) => one.toLowerCase());
      expect(pair, pair.split("=")[0]).toMatch(/^__(Secure|Host)-/);
      expect(named).toEqual(expect.arrayContaining(["secure", "httponly", "path=/"]));
      expect(named.some((one) => one === "samesite=lax" || one === "samesite=strict")).toBe(true);
      expect(named.some((one) => one.startsWith("domain"))).toBe(false);
      expect(decodeURIComponent(pair)).not.toMatch(jwtLike);
      expect(Buffer.byteLength(pair)).toBeLessThan(4096);
    }
  });

  it("ISO-145: signing in makes a new session, whatever session the browser was given before", async () => {
    const planted = sessionOf(bob);
    const signedIn = await stage.signIn(ada, [["Cookie", bob.cookie]]);
    expect(sessionOf(signedIn)).not.toBe(planted);
    expect(sessionOf(signedIn)).not.toBe(sessionOf(ada));
    expect(await stage.titles(signedIn)).toEqual(["Ada's own"]);
    expect(await stage.titles({ ...ada, cookie: signedIn.cookie })).toEqual(["Ada's own"]);
    expect((await stage.ask({ ...ada, cookie: bob.cookie }, "GET", tasks(ada))).status).toBe(403);
  });

  it("ISO-145: a cookie of the same name planted on the parent domain wins nothing", async () => {
    for (const cookie of [`${ada.cookie}; ${bob.cookie}`, `${bob.cookie}; ${ada.cookie}`])
      for (const target of [tasks(ada), tasks(bob), "/api/v1/users/me"]) {
        const answer = await stage.ask({ ...ada, cookie }, "GET", target);
        expect([answer.status, codeOf(answer)]).toEqual([400, "ambiguous_session"]);
        // It removes both, so that signing in again cures it.
        const removed = answer.all("Set-Cookie").filter((one) => /session_token=;.*Max-Age=0/.test(one));
        expect(removed).not.toEqual([]);
      }
  });

  it("ISO-146: of a prefixed and a plain cookie the prefixed one counts, in either order; the plain one alone is nobody's", async () => {
    const plain = bob.cookie.replaceAll("__Secure-", "");
    for (const cookie of [`${ada.cookie}; ${plain}`, `${plain}; ${ada.cookie}`]) {
      expect(await stage.titles({ ...ada, cookie })).toEqual(["Ada's own"]);
      expect((await stage.ask({ ...bob, cookie }, "GET", tasks(bob))).status).toBe(403);
    }
    expect((await stage.ask({ ...bob, cookie: plain }, "GET", tasks(bob))).status).toBe(401);
  });

  it.each(foreignTargets)(
    "ISO-147: %j is refused as the way back of every request that takes one",
    async (target) => {
      const credentials = { email: ada.email, password: "correct-horse-battery-9" };
      const { email } = ada;
      const encoded = encodeURIComponent(target);
      const answers = {
        signIn: await stage.auth("/sign-in/email", { ...credentials, callbackURL: target }),
        signUp: await stage.auth("/sign-up/email", { ...credentials, name: "x", callbackURL: target }),
        reset: await stage.auth("/request-password-reset", { email, redirectTo: target }),
        verification: await stage.auth("/send-verification-email", { email, callbackURL: target }),
        verify: await stage.send("GET", `/api/auth/verify-email?token=x&callbackURL=${encoded}`),
        resetLink: await stage.send("GET", `/api/auth/reset-password/x?callbackURL=${encoded}`),
        deletion: await stage.send("GET", `/api/auth/delete-user/callback?token=x&callbackURL=${encoded}`),
      };
      for (const [name, answer] of Object.entries(answers)) {
        expect(answer.status, name).toBeGreaterThanOrEqual(400);
        expect(answer.status, name).toBeLessThan(500);
        expect(answer.all("location"), name).toEqual([]);
        expect(answer.all("set-cookie").join(), name).not.toContain("session_token=");
      }
      const login = await stage.send("GET", `/login?returnUrl=${encoded}`, [["Cookie", ada.cookie]]);
      const away = login.header("location") ?? "/tasks";
      expect(new URL(away, issuer).origin).toBe(issuer);
    },
  );
});

function sessionOf({ cookie }: SignedIn): string {
  return /session_token=([^;]+)/.exec(cookie)?.[1] ?? "";
}
