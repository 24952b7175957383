import { expect, it } from "vitest";
import { createVerifier, verifierOptionsFromEnvironment } from "watchword";
import { authRequest, cookieOf, describeStores, environment } from "./stores.ts";

describeStores("the first administrator", (stage) => {
  const setRole = async (email: string, role: "admin" | "user") =>
    (await import("../lib/user-role.ts")).setRole(email, role);

  async function signUp(email: string) {
    const response = await authRequest(stage().auth, "/sign-up/email", {
      body: { name: "Ada", email, password: "correct horse" },
    });
    return cookieOf(response);
  }

  async function verify(email: string) {
    const { internalAdapter } = await stage().auth().$context;
    await internalAdapter.updateUserByEmail(email, { emailVerified: true });
  }

  async function roleInToken(cookie: string) {
    const answer = await authRequest(stage().auth, "/token", { cookie });
    const verifier = createVerifier(verifierOptionsFromEnvironment(environment));
    return (await verifier.verify((await answer.json()).token)).claims["role"];
  }

  it("is a user with a verified address, and the next token of the same session says so", async () => {
    const cookie = await signUp("first@example.com");
    await verify("first@example.com");
    expect(await roleInToken(cookie)).toBe("user");
    expect(await setRole(" First@example.com", "admin")).toBe("done");
    expect(await roleInToken(cookie)).toBe("admin");
    expect(await setRole("first@example.com", "admin")).toBe("unchanged");
  });

  it("is nobody whose address has not been verified", async () => {
    const cookie = await signUp("anybody@example.com");
    expect(await setRole("anybody@example.com", "admin")).toBe("unverified");
    expect(await roleInToken(cookie)).toBe("user");
  });

  it("is nobody who has not signed up", async () => {
    expect(await setRole("nobody@example.com", "admin")).toBe("unknown");
  });

  it("can be made an ordinary user again", async () => {
    const cookie = await signUp("former@example.com");
    await verify("former@example.com");
    await setRole("former@example.com", "admin");
    expect(await setRole("former@example.com", "user")).toBe("done");
    expect(await roleInToken(cookie)).toBe("user");
  });

  it("is the only one who may list users or change roles by Better Auth's own routes", async () => {
    const cookie = await signUp("curious@example.com");
    const listed = await authRequest(stage().auth, "/admin/list-users", { cookie });
    const changed = await authRequest(stage().auth, "/admin/set-role", {
      body: { userId: "any", role: "admin" },
      cookie,
    });
    expect([listed.status, changed.status]).toEqual([403, 403]);
  });
});
