import { expect, test } from "vitest";
import { claims, encode, header, signSegments, token, verdict } from "../sample-token.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The same bytes with other unused bits; the text's length must leave some. */
function otherUnusedBits(text: string): string {
  return text.slice(0, -1) + alphabet.charAt(alphabet.indexOf(text.slice(-1)) + 1);
}

/** JSON whose encoding ends in unused bits. */
function padded(value: object): string {
  const texts = ["", " ", "  "].map((spaces) => encode(JSON.stringify(value) + spaces));
  return texts.find((text) => text.length % 4 !== 0) ?? "";
}

test("CS-3 header and payload are refused in another encoding even under a right signature", async () => {
  const [head, payload] = [padded(header), padded(claims)];
  expect(await verdict(signSegments(head, payload))).toBe("accepted");
  expect(await verdict(signSegments(otherUnusedBits(head), payload))).toBe("malformed");
  expect(await verdict(signSegments(head, otherUnusedBits(payload)))).toBe("malformed");
});

test.each(["=", " ", "\n", "+", "/", "é"])(
  "CS-3 %j has no place in a segment, even under a right signature",
  async (odd) => {
    const [head, payload] = [encode(JSON.stringify(header)), encode(JSON.stringify(claims))];
    expect(await verdict(signSegments(head + odd, payload))).toBe("malformed");
    expect(await verdict(signSegments(head, payload + odd))).toBe("malformed");
    expect(await verdict(signSegments(head, odd + payload))).toBe("malformed");
  },
);

test("CS-3 one, two and four segments are malformed", async () => {
  const good = token();
  const [head = "", payload = ""] = good.split(".");
  for (const text of ["", head, `${head}.${payload}`, `${good}.${payload}`, `${good}.`, "..", "a", "."]) {
    expect(await verdict(text)).toBe("malformed");
  }
});

test("CS-3 a token of one segment that reads as a header is malformed before anything is looked up", async () => {
  const [head = ""] = token({}, { alg: "none" }).split(".");
  expect(await verdict(head)).toBe("malformed");
});

test("CS-3 a text without a dot is malformed even when all of it but the last character reads as a header", async () => {
  const texts = ["", " ", "  "].map((spaces) => encode(JSON.stringify(header) + spaces));
  const head = texts.find((text) => text.length % 4 === 3) ?? "";
  expect(head).not.toBe("");
  expect(await verdict(`${head}A`)).toBe("malformed");
});

test("CS-11 session and user are another JWT's shape only where both are objects", async () => {
  expect(await verdict(token({ session: {}, user: {} }))).toBe("wrong_type");
  for (const changes of [
    { session: {} },
    { user: {} },
    { session: {}, user: "a" },
    { session: "a", user: {} },
  ]) {
    expect(await verdict(token(changes))).toBe("accepted");
  }
});

test("CS-4 a list ends at its bracket: names after it are held against each other, and lists beside it are no deeper", async () => {
  const beside = Array.from({ length: 20 }, () => "[]").join(",");
  const after = (members: string) =>
    signSegments(
      encode(JSON.stringify(header)),
      encode(JSON.stringify(claims).replace("{", `{"own":"\\n",${members},`)),
    );
  expect(await verdict(after(`"lists":[${beside}]`))).toBe("accepted");
  expect(await verdict(after('"list":[1],"a":1,"b":2'))).toBe("accepted");
  expect(await verdict(after('"list":[1],"a":1,"a":2'))).toBe("malformed");
});
