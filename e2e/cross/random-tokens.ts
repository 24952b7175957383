import { constants, createHmac, sign } from "node:crypto";
import fc from "fast-check";
import { audience, issuer, now, type SigningKey, signingKeys } from "./settings.ts";

/** JSON that readers disagree on, as text: some of it is no JSON at all. */
const oddJson = [
  "null",
  "true",
  "0",
  "-0",
  "1e400",
  "-1e400",
  "1E5",
  "01",
  "1.",
  "1_0",
  "0x1",
  "NaN",
  "Infinity",
  "\u0661",
  "9007199254740993",
  "9".repeat(310),
  "9".repeat(500),
  `${"1".repeat(300)}e-300`,
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\ud83d\\ude00"',
  '"\\u00"',
  '"\\x41"',
  '"\t"',
  '"\u007f"',
  "[]",
  "[[]]",
  "{}",
  '{"a":1,"a":2}',
  '{"a":{"__proto__":1}}',
  '["a",1]',
  "[1,]",
  "",
];

const oddCharacters = fc.constantFrom(
  ..."\u0000\u001f\u007f\u0085\u009f\u00a0\u00ad\u061c\u115f\u1680\u180e\u2000\u200b\u200f\u2028\u202e\u202f\u205f\u2060\u206f\u3000\ufeff\ufff9\ufffb\ufffd./\\?#% \t\n\r\v\f\"'é",
  "\u{1f600}",
  "\u{e0001}",
  "e\u0301",
);
const oddText = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.array(oddCharacters, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("")),
  fc.tuple(oddCharacters, fc.constantFrom("user_a", "")).map(([odd, rest]) => odd + rest),
  fc.tuple(fc.constant("user_a"), oddCharacters).map(([rest, odd]) => rest + odd),
  fc
    .tuple(fc.constantFrom("a", "\u{1f600}", "é"), fc.integer({ min: 254, max: 257 }))
    .map(([unit, length]) => unit.repeat(length)),
  fc.constantFrom(".", "..", "user_a", "user_b", "user_b"),
);

function nested(levels: number): string {
  const pairs = Math.floor(levels / 2);
  return `${'{"a":['.repeat(pairs)}1${"]}".repeat(pairs)}`;
}

const oddValue = fc.oneof(
  fc.constantFrom(...oddJson),
  fc.json({ maxDepth: 3 }),
  oddText.map((text) => JSON.stringify(text)),
  fc.integer({ min: 4, max: 40 }).map(nested),
);

/** A NumericDate near the edge of what is accepted, in one of the ways to write it. */
const time = fc
  .tuple(
    fc.constantFrom(0, 0, 60, -60, 604_800, -604_800),
    fc.constantFrom(0, 1, -1, 0.5, -0.5, 1e-7, -1e-7, 5, -5, 5.0000001, -4.9999999, 60, -60.5, 840),
    fc.constantFrom("", "e0", "E+0", ".0", "000e-3"),
  )
  .map(([base, delta, ending]) => {
    const text = String(now + base + delta);
    return text.includes(".") && ending === ".0" ? text : text + ending;
  });

const usually = (weight: number, value: string, ...others: readonly fc.Arbitrary<string>[]) =>
  fc.oneof({ weight, arbitrary: fc.constant(value) }, ...others);
const quoted = (text: string) => JSON.stringify(text);

/** Members of an object: name and value as JSON text. The empty value stands for a member that is left out. */
type Members = readonly (readonly [name: string, value: string])[];

const claims: fc.Arbitrary<Members> = fc
  .record({
    iss: usually(40, quoted(issuer), fc.constant(""), fc.constant(quoted(`${issuer}/`)), oddValue),
    aud: usually(
      40,
      quoted(audience),
      fc.constant(""),
      fc.constant(`["https://b.example.test",${quoted(audience)}]`),
      fc.constant(`[${quoted(audience)},"better-auth:session-cache"]`),
      fc.constant('"better-auth:session-cache"'),
      oddValue,
    ),
    sub: usually(12, quoted("user_a"), fc.constant(""), oddText.map(quoted), oddText.map(quoted), oddValue),
    iat: usually(40, String(now - 60), fc.constant(""), time, time, oddValue),
    exp: usually(40, String(now + 840), fc.constant(""), time, time, oddValue),
    nbf: usually(40, "", time, time, oddValue),
    jti: usually(
      20,
      quoted("token-1"),
      fc.constant('"token-2"'),
      fc.constant('"fault"'),
      fc.constant(""),
      oddText.map(quoted),
      oddValue,
    ),
    sid: usually(
      20,
      quoted("session-1"),
      fc.constant('"session-2"'),
      fc.constant(""),
      oddText.map(quoted),
      oddValue,
    ),
    cnf: usually(60, "", fc.constant('{"jkt":"x"}'), oddValue),
    scope: usually(4, quoted("tasks:read  tasks:write"), oddText.map(quoted), oddValue),
    role: usually(4, quoted("admin,editor"), fc.constant('["admin"]'), oddText.map(quoted), oddValue),
    roles: usually(8, "", fc.constant('["admin",""]'), fc.constant('["a",1]'), oddValue),
    email: usually(4, quoted("a@example.test"), fc.constant(""), oddValue),
    own: usually(12, '{"team":[7,7.5,-0.0,1e21,"é"]}', fc.constant(""), oddValue),
    session: usually(60, "", fc.constant("{}"), oddValue),
    user: usually(60, "", fc.constant("{}"), oddValue),
  })
  .map((record) => Object.entries(record));

const header = (key: SigningKey): fc.Arbitrary<Members> =>
  fc
    .record({
      alg: usually(
        60,
        quoted(key.alg),
        fc.constantFrom(
          ...["none", "None", "hs256", "HS512", "HS256", "EdDSA", "Ed25519", "ES256", "RS256", "PS256"].map(
            quoted,
          ),
        ),
        fc.constant(""),
        oddValue,
      ),
      kid: usually(
        30,
        key.kid === null ? "" : quoted(key.kid),
        fc.constant(""),
        fc.constantFrom(...["__proto__", "constructor", "", "FIRST", "ed-2", "es-1"].map(quoted)),
        oddValue,
      ),
      typ: usually(
        30,
        quoted("at+jwt"),
        fc.constant(""),
        fc.constantFrom(
          ...[
            "AT+JWT",
            "application/at+jwt",
            "APPLICATION/at+JWT",
            "JWT",
            "jwt",
            "at+jwt;v=1",
            "\u212aWT",
          ].map(quoted),
        ),
        oddValue,
      ),
      crit: usually(80, "", fc.constant('["exp"]'), oddValue),
      b64: usually(80, "", fc.constantFrom("true", "false"), oddValue),
      jku: usually(20, "", fc.constant('"https://evil.example.test/jwks"'), oddValue),
    })
    .map((record) => Object.entries(record));

const space = usually(60, "", fc.constantFrom(" ", "\n", "\t", "\r\n", "\u00a0", "\v", "\f", "\u2028"));

/** The members as one JSON text, sometimes repeated, reordered, spaced, escaped or damaged. */
const objectText = (members: fc.Arbitrary<Members>): fc.Arbitrary<string> =>
  fc
    .record({
      members,
      repeat: usually(24, "", fc.constantFrom("sub", "exp", "alg", "aud", "own")),
      escaped: usually(20, "", fc.constantFrom("sub", "alg", "iss")),
      reverse: fc.boolean(),
      spaces: fc.array(space, { minLength: 4, maxLength: 4 }),
      damage: fc.oneof(
        { weight: 30, arbitrary: fc.constant(undefined) },
        fc.record({
          at: fc.nat(),
          drop: fc.nat({ max: 2 }),
          put: fc.constantFrom("", ",", '"', "}", "{", "\\", "\u0000", ":"),
        }),
      ),
    })
    .map(({ members: all, repeat, escaped, reverse, spaces, damage }) => {
      const [a, b, c, d] = spaces;
      const present = all.filter(([, value]) => value !== "");
      const ordered = reverse ? [...present].reverse() : present;
      const doubled = [...ordered, ...ordered.filter(([name]) => name === repeat)];
      const texts = doubled.map(([name, value], index) => {
        const written =
          name === escaped && index > 0
            ? `"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}"`
            : quoted(name);
        return `${a}${written}${b}:${c}${value}`;
      });
      const text = `${d}{${texts.join(",")}}${d}`;
      if (damage === undefined) return text;
      const at = damage.at % (text.length + 1);
      return text.slice(0, at) + damage.put + text.slice(at + damage.drop);
    });

const bytes = (text: fc.Arbitrary<string>): fc.Arbitrary<Buffer> =>
  fc
    .tuple(
      text,
      usually(
        60,
        "utf8",
        fc.constantFrom("bom", "utf16le", "latin1", "nul", "overlong", "truncated", "surrogate"),
      ),
    )
    .map(([content, encoding]) => {
      const plain = Buffer.from(content, "utf8");
      switch (encoding) {
        case "bom":
          return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), plain]);
        case "utf16le":
          return Buffer.from(content, "utf16le");
        case "latin1":
          return Buffer.from(content.replace("user_a", "us\u00e9r"), "latin1");
        case "nul":
          return Buffer.concat([plain, Buffer.from([0])]);
        case "overlong":
          return Buffer.from(plain.toString("latin1").replace("_", "\u00c1\u009f"), "latin1");
        case "truncated":
          return Buffer.from(plain.toString("latin1").replace("_", "\u00f0\u009f\u0098"), "latin1");
        case "surrogate":
          return Buffer.from(plain.toString("latin1").replace("_", "\u00ed\u00a0\u0080"), "latin1");
        default:
          return plain;
      }
    });

/** The signature segment's bytes. */
function signature(input: string, { alg, key }: SigningKey): Buffer {
  if (typeof key === "string") return createHmac("sha256", key).update(input).digest();
  const data = Buffer.from(input);
  if (alg === "EdDSA") return sign(null, data, key);
  if (alg === "ES256") return sign("sha256", data, { key, dsaEncoding: "ieee-p1363" });
  if (alg === "RS256") return sign("sha256", data, key);
  return sign("sha256", data, {
    key,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  });
}

const tokenCharacters = fc.constantFrom(..."AQgw-_.=+/ \n\u00e9\u{1f600}");

/** Changes to the finished text. */
const tamper: fc.Arbitrary<(token: string) => string> = fc.oneof(
  { weight: 30, arbitrary: fc.constant((token: string) => token) },
  fc.tuple(fc.nat(), tokenCharacters).map(
    ([at, put]) =>
      (token: string) =>
        token.slice(0, at % token.length) + put + token.slice((at % token.length) + 1),
  ),
  fc.tuple(fc.nat(), tokenCharacters).map(
    ([at, put]) =>
      (token: string) =>
        token.slice(0, at % token.length) + put + token.slice(at % token.length),
  ),
  fc
    .nat()
    .map((at) => (token: string) => token.slice(0, at % token.length) + token.slice((at % token.length) + 1)),
  fc
    .constantFrom("A", "Q", "g", "w", "E", "=", "==", ".", ".e30", "\n")
    .map((end) => (token: string) => token.slice(0, -1) + end),
  fc.constantFrom("=", "==", ".", "\n", " ", "A", "AAAA").map((end) => (token: string) => token + end),
  fc.constantFrom([0, 1], [1, 2], [0, 2]).map(([a = 0, b = 0]) => (token: string) => {
    const parts = token.split(".");
    return parts.map((part, index) => (index === a ? parts[b] : index === b ? parts[a] : part)).join(".");
  }),
  fc.constant((token: string) => token.slice(0, token.lastIndexOf(".") + 1)),
  fc.constant((token: string) => token.slice(0, token.lastIndexOf("."))),
);

/** One compact JWS, good or hostile, mostly signed by one of these keys. */
export const anyToken = (keys: readonly SigningKey[]): fc.Arbitrary<string> =>
  fc
    .oneof({ weight: 10, arbitrary: fc.constantFrom(...keys) }, fc.constantFrom(...signingKeys))
    .chain((key) =>
      fc.record({
        key: fc.constant(key),
        header: bytes(objectText(header(key))),
        payload: bytes(objectText(claims)),
        tamper,
      }),
    )
    .map(({ key, header: head, payload, tamper: change }) => {
      const input = `${head.toString("base64url")}.${payload.toString("base64url")}`;
      return change(`${input}.${signature(input, key).toString("base64url")}`);
    });

/** Names of scopes or roles that an operation needs. */
export const anyNames: fc.Arbitrary<readonly string[]> = fc.array(
  fc.oneof(fc.constantFrom("tasks:read", "tasks:write", "admin", "editor", ""), oddText),
  { minLength: 1, maxLength: 2 },
);

/** What stands in a URL where the user's id belongs, decoded once. */
export const anyUserId: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constant("user_a") },
  oddText,
);

/** The values of all `Authorization` headers of one request that carries this token. */
export const credentials = (token: string): fc.Arbitrary<readonly string[]> =>
  fc.oneof(
    { weight: 60, arbitrary: fc.constant([`Bearer ${token}`]) },
    fc.constantFrom("bearer", "BEARER", "bEaReR").map((scheme) => [`${scheme} ${token}`]),
    fc.constantFrom(
      [],
      [""],
      ["Bearer"],
      ["Bearer "],
      [token],
      [`Bearer  ${token}`],
      [`Bearer\t${token}`],
      [`Bearer ${token} `],
      [` Bearer ${token}`],
      [`Bearer ${token},`],
      [`Bearer ${token}`, `Bearer ${token}`],
      [`Basic ${token}`],
      [`Bearer: ${token}`],
      [`"Bearer" ${token}`],
      [`B\u212aarer ${token}`],
      [`Bearer\u00a0${token}`],
    ),
  );
