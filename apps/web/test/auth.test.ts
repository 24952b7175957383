import { expect, it } from "vitest";
import { createVerifier, verifierOptionsFromEnvironment } from "watchword";
import { authRequest, cookieOf, describeStores, environment } from "./stores.ts";

describeStores("the application's Better Auth", (stage) => {
  const request = (pathname: string, init = {}) => authRequest(stage().auth, pathname, init);
  const signUp = (email: string, password: string) =>
    request("/sign-up/email", { body: { name: "Ada", email, password } });

  it("can be prepared again over its own tables", async () => {
    await expect(stage().prepareAuth()).resolves.toBeUndefined();
  });

  it("gives a session cookie that is secure, prefixed, out of reach of scripts, and good for seven days", async () => {
    const response = await signUp("cookie@example.com", "correct horse");
    const cookie = response.headers.getSetCookie().find((value) => value.includes("session_token"));
    expect(cookie).toMatch(/^__Secure-better-auth\.session_token=/);
    for (const attribute of ["Max-Age=604800", "Domain=example.com", "HttpOnly", "Secure", "SameSite=Lax"]) {
      expect(cookie).toContain(attribute);
    }
  });

  it("issues a token that an API with the same settings accepts as the same user, with the role user", async () => {
    const signedUp = await signUp("token@example.com", "correct horse");
    const { user } = await signedUp.json();
    const response = await request("/token", { cookie: cookieOf(signedUp) });
    const verifier = createVerifier(verifierOptionsFromEnvironment(environment));
    const identity = await verifier.verify((await response.json()).token);
    expect([identity.userId, identity.email, identity.claims["role"]]).toEqual([
      user.id,
      "token@example.com",
      "user",
    ]);
  });

  it("gives no token after sign-out, whatever cookies are kept", async () => {
    const signedUp = await signUp("leaving@example.com", "correct horse");
    const cookie = cookieOf(signedUp);
    await request("/sign-out", { body: {}, cookie });
    expect((await request("/token", { cookie })).status).toBe(401);
  });

  it("takes no role from who signs up", async () => {
    const signedUp = await request("/sign-up/email", {
      body: { name: "Eve", email: "eve@example.com", password: "correct horse", role: "admin" },
    });
    expect([signedUp.status, (await signedUp.json()).code]).toEqual([400, "FIELD_NOT_ALLOWED"]);
  });

  it.each([
    [7, 400],
    [8, 200],
    [128, 200],
    [129, 400],
  ])("answers a password of %i characters with %i", async (length, status) => {
    const response = await signUp(`length-${length}@example.com`, "a".repeat(length));
    expect(response.status).toBe(status);
  });
});
