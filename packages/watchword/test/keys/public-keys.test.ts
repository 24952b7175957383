import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { usableKeys } from "../../src/keys/fetch-key-set.ts";
import { findKey } from "../../src/keys/key-set.ts";
import { publicKey } from "../../src/keys/public-keys.ts";

type Jwk = Readonly<Record<string, unknown>>;
const jwkOf = (key: { export(options: { format: "jwk" }): object }): Jwk => ({
  ...key.export({ format: "jwk" }),
});
const rsaOf = (modulusLength: number, publicExponent = 0x1_00_01) =>
  jwkOf(generateKeyPairSync("rsa", { modulusLength, publicExponent }).publicKey);

/** The same number with a zero byte before it. */
const longer = (value: unknown) =>
  Buffer.concat([Buffer.alloc(1), Buffer.from(String(value), "base64url")]).toString("base64url");

const ed = jwkOf(generateKeyPairSync("ed25519").publicKey);
const ec = jwkOf(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey);
const rsa = rsaOf(2048);

describe("a JWK becomes a key", () => {
  test.each<[string, Jwk, string]>([
    ["Ed25519 without alg", ed, "EdDSA"],
    ["Ed25519 by its older name", { ...ed, alg: "EdDSA" }, "EdDSA"],
    ["Ed25519 by its newer name", { ...ed, alg: "Ed25519" }, "EdDSA"],
    ["P-256 without alg", ec, "ES256"],
    ["P-256 with alg", { ...ec, alg: "ES256" }, "ES256"],
    ["RSA without alg", rsa, "RS256"],
    ["RSA for PS256", { ...rsa, alg: "PS256" }, "PS256"],
    ["for signatures", { ...ed, use: "sig" }, "EdDSA"],
    ["for verifying", { ...ed, key_ops: ["verify"] }, "EdDSA"],
    ["RSA with the exponent 3", rsaOf(2048, 3), "RS256"],
  ])("%s", (_, jwk, algorithm) => {
    expect(publicKey(jwk)).toMatchObject({ algorithm, kid: null });
    expect(publicKey({ ...jwk, kid: "k" })).toMatchObject({ algorithm, kid: "k" });
  });
});

describe("a JWK is left out", () => {
  test.each<[string, unknown]>([
    ["no object", "key"],
    ["null", null],
    ["a list", [ed]],
    ["a symmetric key", { kty: "oct", k: "AAAA", alg: "HS256" }],
    ["a symmetric key that says it is for EdDSA", { ...ed, kty: "oct" }],
    ["for encryption", { ...ed, use: "enc" }],
    ["for other operations", { ...ed, key_ops: ["encrypt"] }],
    ["operations that are no list", { ...ed, key_ops: "verify" }],
    ["for encryption by use, for verifying by key_ops", { ...ed, use: "enc", key_ops: ["verify"] }],
    ["another curve of OKP", { ...ed, crv: "X25519" }],
    ["an OKP key on a curve of EC", { ...ed, crv: "P-256" }],
    ["an EC key on a curve of OKP", { ...ec, crv: "Ed25519" }],
    ["P-384", jwkOf(generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey)],
    ["an alg of another type of key", { ...ed, alg: "ES256" }],
    ["an alg that is not accepted", { ...rsa, alg: "RS512" }],
    ["HS256 as the alg of a public key", { ...rsa, alg: "HS256" }],
    ["an alg that is no text", { ...ed, alg: 1 }],
    ["a kid that is no text", { ...ed, kid: 7 }],
    ["no x", { ...ed, x: undefined }],
    ["an x that is no text", { ...ed, x: 1 }],
    ["an x that is too short", { ...ed, x: "AAAA" }],
    ["an x in another encoding", { ...ed, x: `${String(ed["x"])}=` }],
    ["a kid of null", { ...ed, kid: null }],
    ["no y", { ...ec, y: undefined }],
    ["a y that is too short", { ...ec, y: "AAAA" }],
    ["a point that is not on the curve", { ...ec, y: ec["x"] }],
    ["no modulus", { ...rsa, n: undefined }],
    ["no exponent", { ...rsa, e: undefined }],
    ["a modulus in another encoding", { ...rsa, n: `${String(rsa["n"])}=` }],
    ["an exponent in another encoding", { ...rsa, e: "AQAB=" }],
    ["an x with a zero before it", { ...ec, x: longer(ec["x"]) }],
    ["the exponent 1", { ...rsa, e: "AQ" }],
    ["an even exponent", { ...rsa, e: "BA" }],
    ["an exponent that is the modulus", { ...rsa, e: rsa["n"] }],
    ["an exponent beyond the modulus", { ...rsa, e: Buffer.alloc(256, 0xff).toString("base64url") }],
    ["an RSA key of 1024 bits", rsaOf(1024)],
    ["an RSA key of 8200 bits", { ...rsa, n: Buffer.alloc(1025, 0xff).toString("base64url") }],
  ])("%s", (_, jwk) => {
    expect(publicKey(jwk)).toBeUndefined();
  });
});

test("the same key twice is one key, whatever other keys share with it", () => {
  const other = jwkOf(generateKeyPairSync("ed25519").publicKey);
  const [named, again] = [
    { ...ed, kid: "a" },
    { ...ed, kid: "a", use: "sig" },
  ];
  const usable = usableKeys([
    named,
    again,
    { ...other, kid: "a" },
    { ...ed, kid: "b" },
    rsa,
    { ...rsa, alg: "PS256" },
  ]);
  expect(usable.map(({ algorithm, kid }) => [algorithm, kid])).toEqual([
    ["EdDSA", "a"],
    ["EdDSA", "a"],
    ["EdDSA", "b"],
    ["RS256", null],
    ["PS256", null],
  ]);
  expect(findKey(usableKeys([named, again]), "EdDSA", "a")).toEqual(publicKey(named));
  expect(findKey(usable, "EdDSA", "a")).toBeUndefined();
});

/** The points of Ed25519 whose order divides the cofactor, in every encoding; in hex. */
const ordinates = [
  `00${"00".repeat(31)}`,
  `01${"00".repeat(31)}`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  `ec${"ff".repeat(30)}7f`,
  `ed${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(30)}7f`,
];

test.each(ordinates.flatMap((hex) => [0, 0x80].map((sign) => [hex, sign] as const)))(
  "a point of small order, under which anybody can sign, is no key: %s, sign %i",
  (hex, sign) => {
    const point = Buffer.from(hex, "hex");
    point.writeUInt8(point.readUInt8(31) | sign, 31);
    expect(publicKey({ kty: "OKP", crv: "Ed25519", x: point.toString("base64url") })).toBeUndefined();
  },
);

describe("among several keys", () => {
  const [first, second] = [publicKey({ ...ed, kid: "a" }), publicKey({ ...ec, kid: "a" })];
  const keys = [first, second].flatMap((one) => one ?? []);

  test("the name and the algorithm decide together", () => {
    expect(findKey(keys, "EdDSA", "a")).toBe(first);
    expect(findKey(keys, "ES256", "a")).toBe(second);
    expect(findKey(keys, "RS256", "a")).toBeUndefined();
  });

  test("a token without kid has no key, unless there is only one", () => {
    expect(findKey(keys, "EdDSA", undefined)).toBeUndefined();
    expect(findKey(keys.slice(0, 1), "EdDSA", undefined)).toBe(first);
    expect(findKey(keys.slice(0, 1), "ES256", undefined)).toBeUndefined();
  });

  test("a name that two keys share names neither", () => {
    const twin = publicKey({ ...jwkOf(generateKeyPairSync("ed25519").publicKey), kid: "a" });
    expect(findKey([...keys, ...(twin ? [twin] : [])], "EdDSA", "a")).toBeUndefined();
  });
});
