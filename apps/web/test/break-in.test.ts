import { describe, expect, it } from "vitest";
import { createVerifier, type ErrorCode } from "watchword";
import { mintToken } from "watchword/testing";
import { forgeries, tasksPath, trespasses } from "../lib/break-in.ts";
import { clauseFor, decides } from "../lib/clause.ts";
import { decodeUnverified } from "../lib/decode-token.ts";
import { otherAudience } from "../lib/other-audience.ts";

const secret = "a-Secret-of-Tests-0123456789-qwertz";
const [iss, aud] = ["https://app.example.test", "https://api.example.test"];
const verifier = createVerifier({ issuer: iss, audience: aud, secret });
const text = mintToken({ iss, aud, secret, sub: "ada" });
const token = {
  text,
  parts: decodeUnverified(text),
  forAnotherApi: async () => mintToken({ iss, aud: otherAudience, secret, sub: "ada" }),
};

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
    for (const row of ["", " ", ".", ".."]) expect(() => rowOf(row)).toThrow("no number of a row");
  });
});
