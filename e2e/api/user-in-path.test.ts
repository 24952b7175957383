import { expect, it } from "vitest";
import { type ApiCaller, tasksOf } from "../support/api-caller.ts";
import { expectRefusal } from "../support/conformance.ts";
import { describeBackends } from "../support/suite.ts";
import { tokenFor } from "../support/token.ts";

function percentEncoded(text: string): string {
  return [...Buffer.from(text, "utf8")].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
}

describeBackends("the user in the URL is the token's user, byte for byte", (api: ApiCaller) => {
  const listAs = async (sub: string, segment: string) =>
    await api.ask("GET", `/api/${segment}/tasks`, { token: tokenFor(api.realm, sub) });

  const same: readonly (readonly [what: string, sub: string, segment: string])[] = [
    ["written plainly", "user_a", "user_a"],
    ["percent-encoded where it need not be", "user_a", "%75ser_%61"],
    ["percent-encoded in whole", "user_a", percentEncoded("user_a")],
    ["percent-encoded in upper and lower hex", "user\u00e9", "user%C3%a9"],
    ["with a space", "user a", "user%20a"],
    ["with a plus sign, which is no space", "user+a", "user+a"],
    [
      "with characters of other scripts",
      "\u0443\u0437\u0435\u0440",
      percentEncoded("\u0443\u0437\u0435\u0440"),
    ],
    ["beyond the first plane", "user\u{1f642}", percentEncoded("user\u{1f642}")],
    ["with colon, at and comma", "a:b@c,d", "a:b@c,d"],
    ["of three dots", "...", "..."],
    ["that is 1", "1", "1"],
  ];
  it.each(same)("a user id %s is let in", async (_what, sub, segment) => {
    const answer = await listAs(sub, segment);
    expect(answer.status).toBe(200);
  });

  const other: readonly (readonly [what: string, sub: string, segment: string])[] = [
    ["in upper case", "user_a", "USER_A"],
    ["in mixed case", "user_a", "User_a"],
    ["with a space behind", "user_a", "user_a%20"],
    ["with a space before", "user_a", "%20user_a"],
    ["with a plus behind", "user_a", "user_a+"],
    ["encoded twice", "user_a", "%2575ser_a"],
    ["with a plus for a space", "user a", "user+a"],
    ["decomposed", "us\u00e9r", percentEncoded("use\u0301r")],
    ["composed", "use\u0301r", percentEncoded("us\u00e9r")],
    ["in full-width letters", "user", percentEncoded("\uff55\uff53\uff45\uff52")],
    ["with a Cyrillic look-alike", "user_a", percentEncoded("user_\u0430")],
    ["with the Kelvin sign", "userK", percentEncoded("user\u212a")],
    ["with SS for sharp s", "stra\u00dfe", "straSSe"],
    ["with a dotted capital I", "user_i", percentEncoded("user_\u0130")],
    ["with a zero-width space", "user_a", percentEncoded("user\u200b_a")],
    ["with a soft hyphen", "user_a", percentEncoded("user\u00ad_a")],
    ["with a right-to-left mark", "user_a", percentEncoded("user_a\u200f")],
    ["with a byte order mark", "user_a", percentEncoded("\ufeffuser_a")],
    ["with a matrix parameter", "user_a", "user_a;x=1"],
    ["with a second id behind a comma", "user_a", "user_a,user_b"],
    ["with a second id behind a bar", "user_a", "user_a%7Cuser_b"],
    ["with a number sign", "user_a", "user_a%23"],
    ["with a question mark", "user_a", "user_a%3f"],
    ["that is a pattern", "user_a", "%25"],
    ["that is an underscore", "u", "_"],
    ["with an SQL condition", "user_a", "user_a'%20OR%20'1'='1"],
    ["with an SQL comment", "user_a", "user_a%22%20--"],
    ["that is a query object", "user_a", percentEncoded('{"$ne":null}')],
    ["that is markup", "user_a", percentEncoded("<script>")],
    ...["me", "self", "current", "0", "-1", "*", "null", "undefined", "None", "true", "%7Buser_id%7D"].map(
      (word) => [`that is ${word}`, "user_a", word] as const,
    ),
    ...["01", "+1", "1.0", "1e0", "0x1", "%EF%BC%91", "%201"].map(
      (form) => [`written ${form} for 1`, "1", form] as const,
    ),
    ["of eight thousand characters", "user_a", "a".repeat(8000)],
  ];
  it.each(other)("a user id %s is 403", async (_what, sub, segment) => {
    expectRefusal(await listAs(sub, segment), "wrong_subject");
  });

  it("users whose ids differ only in case or accent see only their own tasks", async () => {
    const stem = api.user().nonce;
    const users = [`u${stem}`, `U${stem}`, `\u00fa${stem}`, `u\u0301${stem}`].map((id) => api.user({}, id));
    for (const user of users) await api.addTask(user);
    for (const user of users) {
      const { items, total } = await api.listTasks(user);
      expect({ total, owners: items.map(({ user_id }) => user_id) }).toEqual({ total: 1, owners: [user.id] });
    }
  });

  it("a 403 tells neither the token's user nor whether the other user exists", async () => {
    const ann = api.user();
    const ben = api.user();
    await api.addTask(ben);
    const answer = await api.ask("GET", tasksOf(ben), { token: ann.token });
    for (const part of [ann.id, ann.email, ben.id, ben.email, ben.nonce])
      expect(answer.text).not.toContain(part);
  });
});
