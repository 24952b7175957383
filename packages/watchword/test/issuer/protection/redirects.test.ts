import { createAuthEndpoint } from "better-auth/api";
import { describe, expect, it } from "vitest";
import { ask, issuer, person, plugin, post, realAuth, signUp } from "../real-auth.ts";

const unsafe = [
  "/..//evil.test",
  "/.//evil.test",
  "/%2e%2e//evil.test",
  "/%252e%252e//evil.test",
  "/%2F%2Fevil.test/..//evil.test",
  "//evil.test",
  "/\\evil.test",
  "/%5Cevil.test",
  "/a/../..//evil.test",
  "/\t/evil.test",
  "\\\\evil.test",
  "https://evil.test",
  "https://app.test@evil.test/",
  "https://app.test.evil.test/",
  "http://app.test/",
  "javascript:alert(1)",
  "data:text/html,x",
  "otherapp://callback",
  " https://evil.test",
  "evil.test",
];
const safe = [
  "/",
  "/tasks",
  "/search?q=//x",
  "/a?next=https%3A%2F%2Fx.test",
  "/tasks#done",
  `${issuer}/tasks`,
];

const trustedOrigins = ["https://front.test", "todo://"];

async function auth() {
  const letters: string[] = [];
  const fixture = await realAuth({
    trustedOrigins,
    emailAndPassword: {
      enabled: true,
      sendResetPassword: async ({ url }) => void letters.push(url),
    },
    emailVerification: { sendVerificationEmail: async ({ url }) => void letters.push(url) },
    plugins: [
      plugin({ protect: true }),
      {
        id: "leaving",
        endpoints: {
          leave: createAuthEndpoint("/leave", { method: "GET" }, async (ctx) => {
            throw ctx.redirect(String(ctx.query?.["to"]));
          }),
        },
      },
    ],
  });
  return { ...fixture, letters };
}

describe("an address in a request", () => {
  it.each(unsafe)("that leads elsewhere is refused: %j", async (address) => {
    const { auth: instance, letters } = await auth();
    const cookie = await signUp(instance);
    letters.length = 0;
    const query = new URLSearchParams({ token: "x", callbackURL: address });
    const answers = [
      await ask(instance, `/verify-email?${query}`),
      await ask(instance, `/reset-password/x?${query}`),
      await post(instance, "/sign-in/email", { ...person, callbackURL: address }),
      await post(instance, "/request-password-reset", { email: person.email, redirectTo: address }),
      await post(instance, "/send-verification-email", { email: person.email, callbackURL: address }, cookie),
      await post(instance, "/sign-in/social", { provider: "github", errorCallbackURL: address }),
      await post(instance, "/sign-in/social", { provider: "github", newUserCallbackURL: address }),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
    expect(answers.map(({ headers }) => headers.get("location"))).toEqual(answers.map(() => null));
    expect(letters).toEqual([]);
  });

  it.each([...safe, "https://front.test/tasks", "todo://callback"])(
    "that leads here passes: %j",
    async (address) => {
      const { auth: instance } = await auth();
      await signUp(instance);
      const answer = await post(instance, "/request-password-reset", {
        email: person.email,
        redirectTo: address,
      });
      expect(answer.status).toBe(200);
    },
  );
});

describe("a Location", () => {
  it("that leads elsewhere is replaced, whatever made it", async () => {
    const { auth: instance } = await auth();
    for (const address of unsafe.filter((one) => !/[\t]/.test(one))) {
      const answer = await ask(instance, `/leave?${new URLSearchParams({ to: address })}`);
      expect([address, answer.status, answer.headers.get("location")]).toEqual([address, 302, `${issuer}/`]);
    }
  });

  it("that leads to the application, a trusted origin or a trusted scheme is left alone", async () => {
    const { auth: instance } = await auth();
    for (const address of [...safe, "https://front.test/x", "todo://callback"]) {
      const answer = await ask(instance, `/leave?${new URLSearchParams({ to: address })}`);
      expect(answer.headers.get("location")).toBe(address);
    }
  });
});
