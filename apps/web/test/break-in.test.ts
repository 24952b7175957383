import { describe, expect, it } from "vitest";
import { createVerifier, type ErrorCode } from "watchword";
import { type MintOptions, mintToken } from "watchword/testing";
import { foreignRow, highestRow } from "../components/under-the-hood/foreign-row.ts";
import { forge, forgeries, judge, tasksPath, trespasses } from "../lib/break-in.ts";
import { clauseFor, decides } from "../lib/clause.ts";
import { decodeUnverified } from "../lib/decode-token.ts";
import { otherAudience } from "../lib/other-audience.ts";

const secret = "a-Secret-of-Tests-0123456789-qwertz";
const [iss, aud] = ["https://app.example.test", "https://api.example.test"];
const verifier = createVerifier({ issuer: iss, audience: aud, secret });
const goodToken = (claims: Partial<MintOptions> = {}) => {
  const text = mintToken({ iss, aud, secret, sub: "ada", ...claims });
  return {
    text,
    parts: decodeUnverified(text),
    forAnotherApi: async () => mintToken({ iss, aud: otherAudience, secret, sub: "ada" }),
  };
};
const token = goodToken();
const { text } = token;
const answered = (status: number, body: unknown, code?: string) => ({
  method: "GET" as const,
  url: "https://api.example.test/",
  status,
  code,
  requestId: undefined,
  body: JSON.stringify(body),
});

describe("ways in", () => {
  it("start from a token that is good", async () => {
    expect((await verifier.verify(text)).userId).toBe("ada");
  });

  it.each(forgeries.filter(({ clause }) => clause !== "CS-1").map((way) => [way.id, way] as const))(
    "%s is refused by the verifier with the code that the page foretells",
    async (_, { make, code }) => {
      const { authorization = "" } = await make(token);
      await expect(verifier.verify(authorization.replace("Bearer ", ""))).rejects.toMatchObject({ code });
    },
  );

  it.each([
    ["an administrator", { role: "admin" }],
    ["an owner", { role: "owner" }],
    ["an administrator with a second role", { role: "admin,editor" }],
    ["somebody with a list of roles", { roles: ["admin", "owner"] }],
    ["somebody with two audiences", { aud: [aud, "https://api.test"] }],
  ])("of %s differ from the good token, and are refused as foretold", async (_, claims) => {
    const own = goodToken(claims);
    expect((await verifier.verify(own.text)).userId).toBe("ada");
    for (const way of forgeries) {
      const attempt = await forge(way, own, "ada");
      expect(attempt.authorization).not.toBe(`Bearer ${own.text}`);
      expect(judge(attempt, answered(401, {}, way.code)).verdict).toBe("refused");
      if (way.clause === "CS-1") continue;
      const forged = attempt.authorization?.replace("Bearer ", "") ?? "";
      await expect(verifier.verify(forged)).rejects.toMatchObject({ code: way.code });
    }
  });

  it("that get through are told so", async () => {
    for (const way of forgeries) {
      const attempt = await forge(way, token, "ada");
      expect(judge(attempt, answered(200, { items: [], total: 0 })).verdict).toBe("got through");
    }
    for (const { aim } of trespasses) {
      const attempt = {
        authorization: `Bearer ${text}`,
        ...aim({ userId: "ada", otherUserId: "bob", row: "7" }),
      };
      for (const body of [{ items: [] }, { id: 7, user_id: "bob" }, null, []])
        expect(judge(attempt, answered(200, body)).verdict).toBe("got through");
    }
  });

  it("are no attack where they ask for what is one's own", async () => {
    const attempt = (id: string, otherUserId: string) => {
      const way = trespasses.find((one) => one.id === id);
      if (way === undefined) throw new Error(`There is no way in ${id}.`);
      return { authorization: `Bearer ${text}`, ...way.aim({ userId: "ada", otherUserId, row: "7" }) };
    };
    expect(judge(attempt("another-address", "ada"), answered(200, { items: [] }))).toEqual({
      verdict: "not an attack",
      words: "Not an attack: that is your own user id. Try another one.",
    });
    expect(judge(attempt("another-row", "bob"), answered(200, { id: 7, user_id: "ada" }))).toEqual({
      verdict: "not an attack",
      words: "Not an attack: that row is yours. Try another number.",
    });
    expect(judge(attempt("another-row", "bob"), answered(404, {}, "not_found")).verdict).toBe("refused");
  });

  it("are no attack where the forgery came out as good as the token itself", async () => {
    const unchanged = forgeries.map((way) => ({
      ...way,
      make: () => ({ authorization: `Bearer ${text}`, differences: [] }),
    }));
    for (const way of unchanged)
      expect(judge(await forge(way, token, "ada"), answered(200, {})).verdict).toBe("not an attack");
    const forBoth = { ...token, forAnotherApi: async () => mintToken({ iss, aud, secret, sub: "ada" }) };
    for (const way of forgeries.filter(({ id }) => id === "other-audience"))
      expect(judge(await forge(way, forBoth, "ada"), answered(200, {})).verdict).toBe("not an attack");
  });

  it("each names a clause that decides its code", () => {
    for (const { id, clause, code } of [...forgeries, ...trespasses])
      expect({ id, decides: decides(clause, code) }).toEqual({ id, decides: true });
    for (const code of ["expired", "revoked"] satisfies ErrorCode[])
      expect(clauseFor(code, code === "expired" ? "CS-14" : "CS-21")?.text).toContain(`\`${code}\``);
  });

  it("show the clause of the code that came back, whatever was expected", () => {
    expect(clauseFor("unsupported_alg", "CS-9")?.name).toBe("CS-5");
    expect(clauseFor("wrong_type", "CS-7")?.name).toBe("CS-7");
    expect(clauseFor("unheard_of", "CS-9")).toBeUndefined();
  });

  it("never lead to another address than the one that is shown", () => {
    expect(tasksPath("a b")).toBe("/api/a%20b/tasks");
    for (const id of ["..", ".", "", "a/b"]) expect(() => tasksPath(id)).toThrow(TypeError);
    const rowOf = (row: string) =>
      trespasses.find(({ id }) => id === "another-row")?.aim({ userId: "ada", otherUserId: "bob", row }).path;
    expect(rowOf(" 7 ")).toBe("/api/ada/tasks/7");
    expect(rowOf("7/complete")).toBe("/api/ada/tasks/7%2Fcomplete");
    for (const row of ["", " ", ".", "..", "events"]) expect(() => rowOf(row)).toThrow("no number of a row");
  });
});

describe("the row that the page proposes", () => {
  const page = (ids: readonly number[], total = ids.length) =>
    foreignRow(JSON.stringify({ items: ids.map((id) => ({ id })), total, limit: 50, offset: 0 }));

  it("is the smallest that is not the user's, where the page holds all of theirs", () => {
    expect(page([])).toBe("1");
    expect(page([3, 2, 1])).toBe("4");
    expect(page([3, 1])).toBe("2");
  });

  it("is above the newest, where older ones are unknown", () => {
    const newest = Array.from({ length: 50 }, (_, index) => 60 - index);
    expect(page(newest, 60)).toBe("61");
    expect(page([999_999_999], 60)).toBe(highestRow);
  });

  it("is the highest that there can be, where nothing is known", () => {
    for (const body of ["", "{", "null", "[]", '{"code":"expired"}'])
      expect(foreignRow(body)).toBe(highestRow);
  });
});
