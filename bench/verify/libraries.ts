import {
  createHmac,
  createSecretKey,
  type KeyObject,
  timingSafeEqual,
  verify as verifySignature,
} from "node:crypto";
import { createVerifier as createFastJwtVerifier } from "fast-jwt";
import { verify as verifyHono } from "hono/jwt";
import { jwtVerify } from "jose";
import jsonwebtoken from "jsonwebtoken";
import { createVerifier } from "watchword";
import type { Contender } from "../measure/rounds.ts";
import { type Algorithm, audience, issuer, mintMany, publicKeyOf, secret } from "./tokens.ts";

/** So many different tokens that no cache line of the machine holds them by chance. */
const tokenCount = 512;
const secretKey = createSecretKey(secret, "utf8");

const pem = (key: KeyObject) => key.export({ format: "pem", type: "spki" }).toString();

function keyOf(algorithm: Algorithm): KeyObject {
  return algorithm === "HS256" ? secretKey : publicKeyOf(algorithm);
}

function watchword(algorithm: Algorithm, cache: false | { maxEntries: number }) {
  const common = { issuer, audience, acceptedTypes: ["at+jwt"], cache };
  if (algorithm === "HS256") return createVerifier({ ...common, key: [{ key: secret, keyId: "HS256-1" }] });
  const jwk = { ...publicKeyOf(algorithm).export({ format: "jwk" }), alg: algorithm, kid: `${algorithm}-1` };
  return createVerifier({ ...common, jwks: { keys: [jwk] } });
}

/** What no verifier can go below: the platform's signature check and two times JSON. */
function floor(algorithm: Algorithm): (token: string) => unknown {
  const key = keyOf(algorithm);
  const json = (segment = "") => JSON.parse(Buffer.from(segment, "base64url").toString("utf8"));
  return (token) => {
    const [header, payload, signature = ""] = token.split(".");
    const input = `${header}.${payload}`;
    const given = Buffer.from(signature, "base64url");
    const right =
      algorithm === "HS256"
        ? timingSafeEqual(createHmac("sha256", key).update(input).digest(), given)
        : algorithm === "EdDSA"
          ? verifySignature(null, Buffer.from(input), key, given)
          : verifySignature("sha256", Buffer.from(input), { key, dsaEncoding: "ieee-p1363" }, given);
    if (!right) throw new Error("bad signature");
    json(header);
    return json(payload);
  };
}

function contender(
  name: string,
  tokens: readonly string[],
  work: (token: string) => unknown | Promise<unknown>,
): Contender {
  let next = 0;
  const token = () => tokens[next++ % tokens.length] ?? "";
  if (work(token()) instanceof Promise) {
    return {
      name,
      run: async (times) => {
        for (let index = 0; index < times; index += 1) await work(token());
      },
    };
  }
  return {
    name,
    run: (times) => {
      for (let index = 0; index < times; index += 1) work(token());
    },
  };
}

/** Each token is new: nothing is remembered. */
export function coldContenders(algorithm: Algorithm): readonly Contender[] {
  const tokens = mintMany(algorithm, tokenCount);
  const key = keyOf(algorithm);
  const without = watchword(algorithm, false);
  const forgetful = watchword(algorithm, { maxEntries: 2 });
  const fastJwt = createFastJwtVerifier({
    key: algorithm === "HS256" ? secret : pem(key),
    algorithms: [algorithm],
    allowedIss: issuer,
    allowedAud: audience,
    requiredClaims: ["sub", "exp", "iat"],
    checkTyp: "at+jwt",
  });
  const joseOptions = {
    algorithms: [algorithm],
    issuer,
    audience,
    typ: "at+jwt",
    requiredClaims: ["sub", "exp", "iat"],
  };
  const honoKey = algorithm === "HS256" ? secret : { ...key.export({ format: "jwk" }), alg: algorithm };
  const all: readonly (readonly [string, (token: string) => unknown])[] = [
    [`node:crypto floor`, floor(algorithm)],
    ["watchword", (token) => without.verify(token)],
    ["watchword, remembering", (token) => forgetful.verify(token)],
    ["fast-jwt", fastJwt],
    ...(algorithm === "EdDSA"
      ? []
      : [
          [
            "jsonwebtoken",
            (token: string) => jsonwebtoken.verify(token, key, { algorithms: [algorithm], issuer, audience }),
          ] as const,
        ]),
    [
      "hono/jwt",
      (token) =>
        verifyHono(token, honoKey as string, { alg: algorithm, typ: "at+jwt", iss: issuer, aud: audience }),
    ],
    ["jose", (token) => jwtVerify(token, key, joseOptions)],
  ];
  return all.map(([name, work]) => contender(name, tokens, work));
}

/** The same few tokens come again and again, as the requests of a page do. */
export function warmContenders(algorithm: Algorithm): readonly Contender[] {
  const tokens = mintMany(algorithm, 64);
  const own = watchword(algorithm, { maxEntries: 10_000 });
  const fastJwt = createFastJwtVerifier({
    key: algorithm === "HS256" ? secret : pem(keyOf(algorithm)),
    algorithms: [algorithm],
    allowedIss: issuer,
    allowedAud: audience,
    cache: 10_000,
  });
  const all: readonly (readonly [string, (token: string) => unknown])[] = [
    ["watchword", (token) => own.verify(token)],
    ["fast-jwt", fastJwt],
  ];
  return all.map(([name, work]) => contender(name, tokens, work));
}
