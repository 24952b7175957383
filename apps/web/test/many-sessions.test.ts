import { createHmac } from "node:crypto";
import { afterEach, expect, it, vi } from "vitest";
import {
  createRevocationFeed,
  createVerifier,
  feedOptionsFromEnvironment,
  type Verifier,
  verifierOptionsFromEnvironment,
} from "watchword";
import { authRequest, describeStores, environment, type PreparedStore } from "./stores.ts";

/** More than Better Auth reads of a list unless it is told otherwise: 100. */
const count = 150;

interface SignedIn {
  readonly cookie: string;
  /** An API token of the session, given out before anything ends. */
  readonly token: string;
}

/** The cookie of a session as Better Auth signs it, in place of 150 hashed passwords. */
function sessionCookie(name: string, value: string): string {
  const signature = createHmac("sha256", environment.BETTER_AUTH_SECRET).update(value).digest("base64");
  return `${name}=${encodeURIComponent(`${value}.${signature}`)}`;
}

describeStores("a user with 150 sessions", (stage) => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  async function signInOften(email: string): Promise<readonly SignedIn[]> {
    const { auth } = stage();
    const body = { name: "Ada", email, password: "correct horse" };
    const { user } = await (await authRequest(auth, "/sign-up/email", { body })).json();
    const { internalAdapter, authCookies } = await auth().$context;
    // Signing up has made one.
    const begin = async () => {
      const { token } = await internalAdapter.createSession(user.id);
      const cookie = sessionCookie(authCookies.sessionToken.name, token);
      const granted = await authRequest(auth, "/token", { cookie });
      return { cookie, token: (await granted.json()).token as string };
    };
    return await Promise.all(Array.from({ length: count - 1 }, begin));
  }

  /** How many of the sessions still get a token. */
  async function living(sessions: readonly SignedIn[]): Promise<number> {
    const { auth } = stage();
    const answers = await Promise.all(sessions.map(({ cookie }) => authRequest(auth, "/token", { cookie })));
    expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 401)).toEqual(
      [],
    );
    return answers.filter(({ status }) => status === 200).length;
  }

  it("sees all of them and ends all others, and the API refuses the token of each", async () => {
    const sessions = await signInOften("others@example.com");
    const verifier = follow(stage(), closing);
    const [own, ...others] = sessions as [SignedIn, ...SignedIn[]];
    const { auth } = stage();
    const listed = await authRequest(auth, "/list-sessions", { cookie: own.cookie });
    expect([(await listed.json()).length, await living(sessions)]).toEqual([count, count - 1]);
    const answer = await authRequest(auth, "/revoke-other-sessions", { body: {}, cookie: own.cookie });
    expect(answer.status).toBe(200);
    expect([await living([own]), await living(others)]).toEqual([1, 0]);
    await vi.waitFor(async () => expect(await refused(verifier, others)).toBe(others.length), 10_000);
    expect(await refused(verifier, [own])).toBe(0);
  });

  it("ends all by signing out everywhere, and the API refuses the token of each", async () => {
    const sessions = await signInOften("everywhere@example.com");
    const verifier = follow(stage(), closing);
    const [own] = sessions as [SignedIn, ...SignedIn[]];
    const { auth } = stage();
    const answer = await authRequest(auth, "/revoke-sessions", { body: {}, cookie: own.cookie });
    expect([answer.status, await living(sessions)]).toEqual([200, 0]);
    await vi.waitFor(async () => expect(await refused(verifier, sessions)).toBe(sessions.length), 10_000);
  });
});

/** An API that follows the feed of this Better Auth. */
function follow({ auth }: PreparedStore, closing: (() => Promise<void>)[]): Verifier {
  const settings = feedOptionsFromEnvironment(environment, "feed");
  if (!settings) throw new Error("The feed is on unless it is switched off.");
  const feed = createRevocationFeed({
    ...settings,
    fetch: (url, init) => auth().handler(new Request(url, init)),
  });
  feed.start();
  closing.push(() => feed.close());
  return createVerifier({ ...verifierOptionsFromEnvironment(environment), revocation: feed });
}

/** How many of the tokens are refused because their session has ended. */
async function refused(verifier: Verifier, sessions: readonly SignedIn[]): Promise<number> {
  const codes = await Promise.all(
    sessions.map(({ token }) =>
      verifier.verify(token).then(
        () => "accepted",
        ({ code }) => code,
      ),
    ),
  );
  return codes.filter((code) => code === "revoked").length;
}
