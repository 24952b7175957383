import { createAuthClient } from "better-auth/client";
import { adminClient, multiSessionClient, organizationClient } from "better-auth/client/plugins";
import { admin, multiSession, organization } from "better-auth/plugins";
import { describe, expect, it } from "vitest";
import { createAuthFetch, fetchToken } from "../../src/client/index.ts";
import { createVerifier } from "../../src/index.ts";
import { watchwordClient } from "../../src/issuer/client.ts";
import { audience, issuer, person, plugin, realAuth, secret, signUp } from "../issuer/real-auth.ts";

const eve = { ...person, email: "eve@app.test" };
const verifier = createVerifier({ issuer, audience, secret });

/** A browser: one jar of cookies, which several tabs share. */
async function browser(withPlugin = true) {
  const { auth, database } = await realAuth({
    rateLimit: { enabled: false },
    plugins: [admin(), organization(), multiSession(), plugin({ roles: { organization: true } })],
  });
  const cookies = new Map<string, string>();
  const send: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const headers = new Headers(request.headers);
    headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    headers.set("origin", issuer);
    const response = await auth.handler(new Request(request, { headers }));
    for (const one of response.headers.getSetCookie()) {
      const [pair = ""] = one.split(";", 1);
      const name = pair.slice(0, pair.indexOf("="));
      if (/max-age=0/i.test(one)) cookies.delete(name);
      else cookies.set(name, pair.slice(name.length + 1));
    }
    return response;
  };
  function openTab() {
    const authClient = createAuthClient({
      baseURL: issuer,
      fetchOptions: { customFetchImpl: send },
      plugins: [
        adminClient(),
        organizationClient(),
        multiSessionClient(),
        ...(withPlugin ? [watchwordClient()] : []),
      ],
    });
    let asked = 0;
    const authFetch = createAuthFetch({
      authClient,
      getToken: (call) => {
        asked += 1;
        return fetchToken(`${issuer}/api/auth/token`, { fetch: send })(call);
      },
      apiOrigin: audience,
      fetch: async (_, init) => {
        const token = new Headers(init?.headers).get("authorization")?.slice(7);
        if (token === undefined) return new Response(null, { status: 401 });
        const { email, claims } = await verifier.verify(token);
        return Response.json({ email, organization: claims["organization_id"], act: claims["act"] });
      },
    });
    const caller = async () => {
      const response = await authFetch(`${audience}/me`);
      return response.status === 401 ? null : await response.json();
    };
    return { authClient, authFetch, caller, asked: () => asked };
  }
  await signUp(auth, person);
  await signUp(auth, eve);
  return { openTab, database, send };
}

const signIn = ({ authClient }: { authClient: ReturnType<typeof createAuthClient> }, user: typeof person) =>
  authClient.signIn.email({ email: user.email, password: user.password });

describe("a call right after the session has changed in this tab", () => {
  it("is nobody's after a sign-out, and the next user's after another sign-in", async () => {
    const tab = (await browser()).openTab();
    await signIn(tab, person);
    expect(await tab.caller()).toMatchObject({ email: person.email });
    await tab.authClient.signOut();
    expect(await tab.caller()).toBeNull();
    await signIn(tab, eve);
    expect(await tab.caller()).toMatchObject({ email: eve.email });
    // Without a sign-out between the two.
    await signIn(tab, person);
    expect(await tab.caller()).toMatchObject({ email: person.email });
  });

  it("carries the organization that is active now", async () => {
    const tab = (await browser()).openTab();
    await signIn(tab, person);
    const { data: first } = await tab.authClient.organization.create({ name: "One", slug: "one" });
    expect(await tab.caller()).toMatchObject({ organization: first?.id });
    const { data: second } = await tab.authClient.organization.create({ name: "Two", slug: "two" });
    expect(await tab.caller()).toMatchObject({ organization: second?.id });
    await tab.authClient.organization.setActive({ organizationId: first?.id ?? "" });
    expect(await tab.caller()).toMatchObject({ organization: first?.id });
  });

  it("is of the session that was switched to", async () => {
    const tab = (await browser()).openTab();
    await signIn(tab, person);
    const { data: before } = await tab.authClient.getSession();
    await signIn(tab, eve);
    expect(await tab.caller()).toMatchObject({ email: eve.email });
    await tab.authClient.multiSession.setActive({ sessionToken: before?.session.token ?? "" });
    expect(await tab.caller()).toMatchObject({ email: person.email });
  });

  it("says who acts while an administrator acts as another user", async () => {
    const { openTab, database } = await browser();
    database.exec(`update user set role = 'admin' where email = '${person.email}'`);
    const { id } = database.prepare("select id from user where email = ?").get(eve.email) as { id: string };
    const tab = openTab();
    await signIn(tab, person);
    await tab.caller();
    await tab.authClient.admin.impersonateUser({ userId: id });
    expect(await tab.caller()).toMatchObject({ email: eve.email, act: { sub: expect.any(String) } });
    await tab.authClient.admin.stopImpersonating();
    expect(await tab.caller()).toMatchObject({ email: person.email });
  });

  it("heeds a signal that the application gives by hand, also right after another request", async () => {
    const tab = (await browser()).openTab();
    await signIn(tab, person);
    await tab.authClient.organization.checkSlug({ slug: "free" });
    await tab.caller();
    const before = tab.asked();
    tab.authClient.$store.notify("$sessionSignal");
    await tab.caller();
    expect(tab.asked()).toBe(before + 1);
  });

  it("asks for no further token once the signals of a change are over", async () => {
    const tab = (await browser()).openTab();
    await signIn(tab, person);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await tab.caller();
    await tab.caller();
    expect(tab.asked()).toBe(1);
  });
});

describe("a call after the session has changed elsewhere", () => {
  it("in another tab is the next user's here too", async () => {
    const { openTab } = await browser();
    const [one, two] = [openTab(), openTab()];
    await signIn(one, person);
    expect(await two.caller()).toMatchObject({ email: person.email });
    await signIn(one, eve);
    await expect.poll(() => two.caller()).toMatchObject({ email: eve.email });
    await one.authClient.signOut();
    await expect.poll(() => two.caller()).toBeNull();
  });

  it("is the next user's without watchwordClient() too, once Better Auth has signalled it", async () => {
    const tab = (await browser(false)).openTab();
    await signIn(tab, person);
    await tab.caller();
    await signIn(tab, eve);
    await expect.poll(() => tab.caller()).toMatchObject({ email: eve.email });
  });
});

/** A token whose user can be read; nothing here verifies it. */
const tokenOf = (sub: string) => `h.${Buffer.from(JSON.stringify({ sub })).toString("base64url")}.s`;

describe("a call that waits for a token while the session changes", () => {
  function waiting() {
    let signal = () => {};
    const grants: ((sub: string) => void)[] = [];
    const sent: (string | null)[] = [];
    const authFetch = createAuthFetch({
      apiOrigin: audience,
      authClient: { $store: { listen: (_, listener) => (signal = listener) } },
      getToken: () =>
        new Promise((resolve) => grants.push((sub) => resolve({ token: tokenOf(sub), expiresIn: 900 }))),
      fetch: async (_, init) => {
        sent.push(new Headers(init?.headers).get("authorization"));
        return new Response();
      },
    });
    const granted = async (sub: string) => {
      await expect.poll(() => grants.length).toBeGreaterThan(0);
      grants.shift()?.(sub);
    };
    return { call: () => authFetch(`${audience}/me`), granted, change: () => signal(), sent };
  }

  it("never goes out with the token of the session before", async () => {
    const { call, granted, change, sent } = waiting();
    const first = call();
    change();
    await granted("ada");
    await granted("eve");
    await first;
    expect(sent).toEqual([`Bearer ${tokenOf("eve")}`]);
  });

  it("ends where it began as another user", async () => {
    const { call, granted, change, sent } = waiting();
    const first = call();
    await granted("ada");
    await first;
    change();
    const second = call();
    change();
    await granted("ada");
    await granted("eve");
    await expect(second).rejects.toMatchObject({ name: "AbortError" });
    expect(sent).toEqual([`Bearer ${tokenOf("ada")}`]);
  });
});
