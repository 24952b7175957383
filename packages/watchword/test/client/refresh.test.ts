import { describe, expect, it } from "vitest";
import { AuthenticationError, NetworkError, ProblemError, type TokenGrant } from "../../src/client/index.ts";
import { contractFile } from "../contract-files.ts";
import { apiOrigin, deferred, problem, scripted, settled, unauthorized } from "./scripted-api.ts";

const url = `${apiOrigin}/api/v1/users/me`;

describe("one token per life", () => {
  it("is asked for at the first call and sent with every one", async () => {
    const { authFetch, sent, asked } = scripted();
    expect(asked()).toBe(0);
    for (let call = 0; call < 3; call += 1) await authFetch(url);
    expect(sent).toEqual(["t1", "t1", "t1"]);
    expect(asked()).toBe(1);
  });

  it("is asked for once by twenty parallel calls", async () => {
    const { authFetch, sent, asked } = scripted();
    await Promise.all(Array.from({ length: 20 }, () => authFetch(url)));
    expect(sent).toEqual(Array(20).fill("t1"));
    expect(asked()).toBe(1);
  });

  it("is replaced when its margin begins, which is the contract's by default", async () => {
    const { refresh_margin_seconds } = contractFile<Defaults>("defaults.json").client;
    const { authFetch, clock, sent } = scripted();
    await authFetch(url);
    clock.advance(900 - refresh_margin_seconds.value - 0.001);
    await authFetch(url);
    clock.advance(0.001);
    await authFetch(url);
    expect(sent).toEqual(["t1", "t1", "t2"]);
  });

  it("lives at least half of its life, however long the margin", async () => {
    const { authFetch, clock, sent } = scripted({
      refreshMarginSeconds: 600,
      grant: (nth) => ({ token: `t${nth}`, expiresIn: 60 }),
    });
    await authFetch(url);
    clock.advance(29.9);
    await authFetch(url);
    clock.advance(0.1);
    await authFetch(url);
    expect(sent).toEqual(["t1", "t1", "t2"]);
  });

  it("is counted from before the request for it was sent", async () => {
    const slow = deferred<TokenGrant>();
    const { authFetch, clock, sent } = scripted({
      grant: (nth) => (nth === 1 ? slow.promise : { token: "t2", expiresIn: 900 }),
    });
    const first = authFetch(url);
    clock.advance(869);
    slow.resolve({ token: "t1", expiresIn: 900 });
    await first;
    clock.advance(1);
    await authFetch(url);
    expect(sent).toEqual(["t1", "t2"]);
  });

  it("ends by the server's clock when that says less", async () => {
    const date = new Date("2026-01-01T00:00:00Z");
    const { authFetch, clock, sent } = scripted({
      grant: (nth) => ({ token: `t${nth}`, expiresIn: 900, expiresAt: date.getTime() / 1000 + 100, date }),
    });
    await authFetch(url);
    clock.advance(70);
    await authFetch(url);
    expect(sent).toEqual(["t1", "t2"]);
  });

  it.each([
    ["a later date", "Thu, 01 Jan 2026 00:00:00 GMT", 1767225600 + 5000],
    ["a date that is none", "yesterday", 1767225600],
  ])("does not end later, nor sooner, for %s", async (_, date, expiresAt) => {
    const { authFetch, clock, sent } = scripted({
      grant: (nth) => ({ token: `t${nth}`, expiresIn: 900, expiresAt, date }),
    });
    await authFetch(url);
    clock.advance(869);
    await authFetch(url);
    clock.advance(1);
    await authFetch(url);
    expect(sent).toEqual(["t1", "t1", "t2"]);
  });

  it("is used to its end while no new one can be had, and not beyond", async () => {
    const { authFetch, clock, sent } = scripted({
      grant: (nth) =>
        nth === 1 ? { token: "t1", expiresIn: 900 } : Promise.reject(new TypeError("offline")),
    });
    await authFetch(url);
    clock.advance(899.9);
    await authFetch(url);
    clock.advance(0.1);
    await expect(authFetch(url)).rejects.toBeInstanceOf(NetworkError);
    expect(sent).toEqual(["t1", "t1"]);
  });
});

describe("after a 401", () => {
  it("the call is sent once more with a new token", async () => {
    const { authFetch, sent, asked } = scripted({
      answer: (token) => (token === "t1" ? unauthorized() : new Response("mine")),
    });
    const response = await authFetch(url);
    expect(await response.text()).toBe("mine");
    expect(sent).toEqual(["t1", "t2"]);
    expect(asked()).toBe(2);
  });

  it("twenty parallel calls share one new token, and each is retried once", async () => {
    const { authFetch, sent, asked } = scripted({
      answer: (token) => (token === "t1" ? unauthorized() : new Response("mine")),
    });
    const responses = await Promise.all(Array.from({ length: 20 }, () => authFetch(url)));
    expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(asked()).toBe(2);
    expect(sent.filter((token) => token === "t1")).toHaveLength(20);
    expect(sent.filter((token) => token === "t2")).toHaveLength(20);
  });

  it("a straggler takes the token that another call has fetched meanwhile", async () => {
    const late = deferred<Response>();
    const { authFetch, sent, asked } = scripted({
      answer: (token, request) => {
        if (token !== "t1") return new Response("mine");
        return request.url.endsWith("/late") ? late.promise : unauthorized();
      },
    });
    const straggler = authFetch(`${apiOrigin}/late`);
    await authFetch(url);
    late.resolve(unauthorized());
    expect((await straggler).status).toBe(200);
    expect(sent).toEqual(["t1", "t1", "t2", "t2"]);
    expect(asked()).toBe(2);
  });

  it("that stays, the call ends: there is no loop", async () => {
    const { authFetch, sent } = scripted({ answer: unauthorized });
    const response = await authFetch(url);
    expect([response.status, await response.json()]).toMatchObject([401, { code: "expired" }]);
    expect(sent).toEqual(["t1", "t2"]);
  });

  it("that stays, further calls ask for no token for ten seconds", async () => {
    const { authFetch, clock, asked } = scripted({ answer: unauthorized });
    for (let call = 0; call < 5; call += 1) expect((await authFetch(url)).status).toBe(401);
    expect(asked()).toBe(2);
    clock.advance(10);
    expect((await authFetch(url)).status).toBe(401);
    expect(asked()).toBe(3);
  });

  it("the same token again is not sent again", async () => {
    const { authFetch, sent } = scripted({
      answer: unauthorized,
      grant: () => ({ token: "same", expiresIn: 900 }),
    });
    expect((await authFetch(url)).status).toBe(401);
    expect(sent).toEqual(["same"]);
  });

  it("the session has ended when no new token is given", async () => {
    const { authFetch, sent } = scripted({
      answer: unauthorized,
      grant: (nth) => (nth === 1 ? { token: "t1", expiresIn: 900 } : null),
    });
    expect((await authFetch(url)).status).toBe(401);
    expect(sent).toEqual(["t1"]);
  });

  it("a token endpoint that is down signs nobody out", async () => {
    const { authFetch } = scripted({
      answer: unauthorized,
      grant: (nth) =>
        nth === 1 ? { token: "t1", expiresIn: 900 } : Promise.reject(new TypeError("offline")),
    });
    const failure = authFetch(url);
    await expect(failure).rejects.toBeInstanceOf(NetworkError);
    await expect(failure).rejects.not.toBeInstanceOf(AuthenticationError);
  });

  it.each([
    [403, "wrong_subject"],
    [503, "unavailable"],
  ])("and only then: a %i asks for no token and is not retried", async (status, code) => {
    const { authFetch, sent, asked } = scripted({ answer: () => problem(status, code, "No.") });
    const response = await authFetch(url);
    expect([response.status, await response.json()]).toMatchObject([status, { code }]);
    expect([sent, asked()]).toEqual([["t1"], 1]);
  });
});

describe("clear()", () => {
  it("forgets the token", async () => {
    const { authFetch, sent } = scripted();
    await authFetch(url);
    authFetch.clear();
    await authFetch(url);
    expect(sent).toEqual(["t1", "t2"]);
  });

  it("discards a token that arrives late, and ends the calls that waited for it", async () => {
    const late = deferred<TokenGrant>();
    const { authFetch, sent } = scripted({
      grant: (nth) => (nth === 1 ? late.promise : { token: "next-user", expiresIn: 900 }),
    });
    const waiting = authFetch(url);
    await settled();
    authFetch.clear();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    const next = authFetch(url);
    late.resolve({ token: "too-late", expiresIn: 900 });
    await next;
    await authFetch(url);
    expect(sent).toEqual(["next-user", "next-user"]);
  });

  it("keeps a refused call of one user from being repeated as the next", async () => {
    const answer = deferred<Response>();
    const { authFetch, sent } = scripted({
      answer: (token) => (token === "t1" ? answer.promise : new Response()),
    });
    const call = authFetch(url);
    await settled();
    authFetch.clear();
    await authFetch(url);
    answer.resolve(unauthorized());
    expect((await call).status).toBe(401);
    expect(sent).toEqual(["t1", "t2"]);
  });
});

describe("nobody signed in", () => {
  it("sends the call without a token and leaves the verdict to the API", async () => {
    const { authFetch, sent } = scripted({ grant: () => null });
    expect((await authFetch(url)).status).toBe(200);
    expect(sent).toEqual([null]);
  });

  it("gives the refusal back where the API demands a user, without a retry", async () => {
    const { authFetch, sent } = scripted({ grant: () => null, answer: unauthorized });
    expect((await authFetch(url)).status).toBe(401);
    expect(sent).toEqual([null]);
  });
});

describe("a getToken that fails", () => {
  it("passes its own typed error on", async () => {
    const refusal = new ProblemError(
      { type: "about:blank", title: "Busy", status: 503, detail: "Busy." },
      new Response(null, { status: 503 }),
    );
    const { authFetch, sent } = scripted({ grant: () => Promise.reject(refusal) });
    await expect(authFetch(url)).rejects.toBe(refusal);
    expect(sent).toEqual([]);
  });

  it("is asked again at the next call", async () => {
    const { authFetch, sent } = scripted({
      grant: (nth) => (nth === 1 ? Promise.reject(new Error("offline")) : { token: "t2", expiresIn: 900 }),
    });
    await expect(authFetch(url)).rejects.toBeInstanceOf(NetworkError);
    await authFetch(url);
    expect(sent).toEqual(["t2"]);
  });

  it.each([
    ["no token", { expiresIn: 900 }],
    ["no life", { token: "t" }],
    ["a life that is a text", { token: "t", expiresIn: "900" }],
    ["a token that would break the header", { token: "t\r\nX-Evil: 1", expiresIn: 900 }],
    ["nothing", undefined],
  ])("with %s says what it must give, and quotes nothing", async (_, grant) => {
    const { authFetch } = scripted({ grant: () => grant as TokenGrant });
    await expect(authFetch(url)).rejects.toThrow(
      new TypeError("getToken must resolve with { token, expiresIn }, or with null."),
    );
  });
});

interface Defaults {
  client: { refresh_margin_seconds: { value: number } };
}
