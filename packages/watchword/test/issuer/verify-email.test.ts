import { describe, expect, it } from "vitest";
import type { WatchwordOptions } from "../../src/issuer/index.ts";
import { signHs256 } from "../../src/token/jws.ts";
import { ask, claimsOf, issue, person, plugin, realAuth, secret, signUp } from "./real-auth.ts";

/**
 * Better Auth takes any HS256 JWT under its raw secret with a top-level `email` for an e-mail-verification token. Each case
 * is shown to be dangerous with the same claims under the raw secret, so that it can fail.
 */
async function victim(definePayload: WatchwordOptions["definePayload"] = () => ({})) {
  const { auth, database } = await realAuth({
    emailVerification: { autoSignInAfterVerification: true, sendVerificationEmail: async () => {} },
    plugins: [plugin({ definePayload })],
  });
  const { token } = await issue(auth, await signUp(auth));
  return {
    token,
    sameClaimsUnderRawSecret: signHs256({ key: secret, payload: claimsOf(token) }),
    present: (jwt: string) => ask(auth, `/verify-email?token=${encodeURIComponent(jwt)}`),
    stored: () => ({
      user: database.prepare("select email, emailVerified from user").get(),
      sessions: database.prepare("select count(*) as count from session").get()?.["count"],
    }),
  };
}

const untouched = { user: { email: person.email, emailVerified: 0 }, sessions: 1 };

describe("an API token given to verify-email", () => {
  it("verifies no address and opens no session, though autoSignInAfterVerification is on", async () => {
    const { token, present, stored, sameClaimsUnderRawSecret } = await victim();

    const refused = await present(token);
    expect([refused.status, (await refused.json()).code]).toEqual([401, "INVALID_TOKEN"]);
    expect(refused.headers.getSetCookie()).toEqual([]);
    expect(stored()).toEqual(untouched);

    const accepted = await present(sameClaimsUnderRawSecret);
    expect(accepted.status).toBe(200);
    expect(accepted.headers.getSetCookie().join()).toContain("session_token");
    expect(stored()).toEqual({ user: { email: person.email, emailVerified: 1 }, sessions: 2 });
  });

  it.each([
    { updateTo: "eve@evil.test" },
    { updateTo: "eve@evil.test", requestType: "change-email-verification" },
  ])("changes no address with the own claims %j", async (ownClaims) => {
    // Better Auth from 1.7.16 on asks for `userId` too, which is a usual claim of one's own.
    const { token, present, stored, sameClaimsUnderRawSecret } = await victim(({ user }) => ({
      ...ownClaims,
      userId: user.id,
    }));

    const refused = await present(token);
    expect([refused.status, (await refused.json()).code]).toEqual([401, "INVALID_TOKEN"]);
    expect(stored()).toEqual(untouched);

    await present(sameClaimsUnderRawSecret);
    expect(stored().user).toMatchObject({ email: "eve@evil.test" });
  });

  it("is refused as well when it is signed with the key in WATCHWORD_KEY form", async () => {
    const { auth, database } = await realAuth({
      plugins: [plugin({ key: "Zp3xK8vQ1nWc6RbT5yHm0LsJ9dFg2aEuVo7iXk4tBqM" })],
    });
    const { token } = await issue(auth, await signUp(auth));
    expect((await ask(auth, `/verify-email?token=${token}`)).status).toBe(401);
    expect(database.prepare("select emailVerified from user").get()).toEqual({ emailVerified: 0 });
  });
});
