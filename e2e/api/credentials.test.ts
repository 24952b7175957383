import { expect, it } from "vitest";
import type { ApiCaller } from "../support/api-caller.ts";
import { expectRefusal, problemOf } from "../support/conformance.ts";
import { refusal } from "../support/contract.ts";
import { type ForgedToken, forgedTokens } from "../support/forged-tokens.ts";
import { describeBackends } from "../support/suite.ts";
import { type Claims, tokenFor } from "../support/token.ts";

describeBackends("one good credential is needed", (api: ApiCaller) => {
  const user = api.user();
  const target = `/api/${user.id}/tasks`;
  const ask = (...values: readonly string[]) =>
    api.ask("GET", target, { headers: values.map((value) => ["Authorization", value] as const) });

  it("a good token is let in", async () => {
    expect((await ask(`Bearer ${user.token}`)).status).toBe(200);
  });

  for (const [what, value] of [
    ["in lower case", `bearer ${user.token}`],
    ["in upper case", `BEARER ${user.token}`],
    ["followed by several spaces", `Bearer    ${user.token}`],
  ] as const)
    it(`the scheme may stand ${what}`, async () => {
      expect((await ask(value)).status).toBe(200);
    });

  it("the header name may be written in any case", async () => {
    const answer = await api.ask("GET", target, { headers: [["aUTHORIZATION", `Bearer ${user.token}`]] });
    expect(answer.status).toBe(200);
  });

  for (const [what, value] of [
    ["another scheme", "Basic dXNlcjpwYXNz"],
    ["another scheme that holds a good token", `Token ${user.token}`],
    ["a scheme that only begins with Bearer", `Bearerx ${user.token}`],
  ] as const)
    it(`${what} is refused as none, and is told what is expected`, async () => {
      const answer = await ask(value);
      expectRefusal(answer, "missing");
      expect(problemOf(answer).detail).toBe(refusal("missing").variants?.["scheme"]);
    });

  for (const [what, value] of [
    ["a scheme without a token", "Bearer"],
    ["two tokens", `Bearer ${user.token} ${user.token}`],
    ["a quoted token", `Bearer "${user.token}"`],
    ["a token with a space inside", `Bearer ${user.token.slice(0, 20)} ${user.token.slice(20)}`],
    ["a token behind a tab", `Bearer\t${user.token}`],
  ] as const)
    it(`${what} is a malformed credential that says what is expected`, async () => {
      const answer = await ask(value);
      expectRefusal(answer, "malformed");
      expect(problemOf(answer).detail).toBe(refusal("malformed").variants?.["credential"]);
    });

  for (const [what, values] of [
    ["two Authorization headers with the same token", [`Bearer ${user.token}`, `Bearer ${user.token}`]],
    ["two Authorization headers of which one is good", [`Bearer ${user.token}`, "Bearer x.y.z"]],
    ["two Authorization headers of two schemes", [`Bearer ${user.token}`, "Basic dXNlcjpwYXNz"]],
    ["two credentials joined by a comma", [`Bearer ${user.token}, Bearer ${user.token}`]],
    ["a comma behind a token", [`Bearer ${user.token},`]],
  ] as const)
    it(`${what} are ambiguous`, async () => {
      expectRefusal(await ask(...values), "ambiguous_credentials");
    });

  it("a token in the query, a form body or a cookie is no credential", async () => {
    expectRefusal(await api.ask("GET", `${target}?access_token=${user.token}`), "missing");
    const form = [["Content-Type", "application/x-www-form-urlencoded"]] as const;
    expectRefusal(
      await api.ask("POST", target, { headers: form, body: `access_token=${user.token}` }),
      "missing",
    );
    expectRefusal(
      await api.ask("GET", target, { headers: [["Cookie", `better-auth.session_token=${user.token}`]] }),
      "missing",
    );
  });

  for (const { fact, codes, token } of forgedTokens(api.realm, user.id))
    it(`a token ${fact} is refused: ${codes.join(" or ")}`, async () => {
      const answer = await ask(`Bearer ${token}`);
      const { code } = problemOf(answer);
      expect(codes).toContain(code);
      expectRefusal(answer, code);
    });

  it("the detail says that a token has expired, that it lacks the user, and no more", async () => {
    const detail = async (claims: Claims) =>
      problemOf(await ask(`Bearer ${tokenFor(api.realm, user.id, claims)}`)).detail;
    expect(await detail({ iat: 1, exp: 3600 })).toBe("Token has expired.");
    expect(await detail({ sub: undefined })).toBe("Token missing user ID (sub claim).");
    expect(await detail({ iss: undefined })).toBe("Invalid token.");
    expect(await detail({ aud: "elsewhere" })).toBe("Invalid token.");
  });

  it("nothing of a refused token comes back", async () => {
    const probe: ForgedToken | undefined = forgedTokens(api.realm, user.id).find(({ fact }) =>
      fact.includes("quotes"),
    );
    const answer = await ask(`Bearer ${probe?.token ?? ""}`);
    const whole = `${answer.text}${answer.headers.join("\n")}`;
    for (const part of ["injected", user.id, user.nonce, user.token.slice(-20)])
      expect(whole).not.toContain(part);
  });

  it("a refusal sets no cookie and leads nowhere else", async () => {
    const answer = await ask("Bearer x.y.z");
    expect(answer.all("set-cookie")).toEqual([]);
    expect(answer.all("location")).toEqual([]);
  });
});
