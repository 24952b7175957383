import { createAuthClient } from "better-auth/client";
import { describe, expect, it } from "vitest";
import { watchwordClient } from "../../src/issuer/client.ts";
import { issuer, plugin, realAuth, signUp } from "./real-auth.ts";

async function clientOf(state: "signed in" | "signed out") {
  const { auth } = await realAuth({ plugins: [plugin()] });
  const session = state === "signed in" ? await signUp(auth) : "";
  const sent: string[] = [];
  const client = createAuthClient({
    baseURL: issuer,
    plugins: [watchwordClient()],
    fetchOptions: {
      customFetchImpl: (url, init) => {
        const request = new Request(url, init);
        sent.push(`${request.method} ${request.url}`);
        if (session !== "") request.headers.set("cookie", session);
        return auth.handler(request);
      },
    },
  });
  return { client, sent };
}

describe("authClient.token()", () => {
  it("gets a token by GET, typed", async () => {
    const { client, sent } = await clientOf("signed in");
    const { data, error } = await client.token();
    const life: number | undefined = data?.expiresIn;
    expect(error).toBeNull();
    expect(life).toBe(900);
    expect(data?.token.split(".")).toHaveLength(3);
    expect(sent).toEqual([`GET ${issuer}/api/auth/token`]);
  });

  it("gives the refusal as a value", async () => {
    const { client } = await clientOf("signed out");
    const { data, error } = await client.token();
    expect(data).toBeNull();
    expect(error).toMatchObject({ status: 401, code: "NOT_SIGNED_IN" });
  });
});
