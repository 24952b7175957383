import { constants, generateKeyPairSync, sign } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FakeIssuer, type IssuedToken, mintToken } from "../../src/testing/index.ts";
import { type RunningWorker, runWorker } from "./workerd-process.ts";

const key = "T6l6XuCzyGdtFocHUHqj7U9yo7-FR1-ifEXuHrVJVhM";
const algorithms = ["ES256", "EdDSA", "RS256", "PS256"] as const;

let issuer: string;
let issuers: ReadonlyMap<string, FakeIssuer>;
let worker: RunningWorker;
let asked: string[] = [];
/** Answers that wait for the test. */
const held: (() => void)[] = [];
/** Sessions that have ended, as the feed tells them. */
const ended: string[] = [];

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { url = "" } = request;
  asked.push(url);
  const now = Math.floor(Date.now() / 1000);
  if (url === "/jwks/moved") {
    response.writeHead(302, { Location: "/jwks" }).end();
    return;
  }
  const keys = url === "/jwks/twins" ? twinKeys : [...issuers.values()].flatMap(({ jwks }) => jwks.keys);
  const body = url.startsWith("/jwks")
    ? { keys }
    : {
        entries: ended.map((id) => ({ kind: "session", id, at: now, until: now + 900 })),
        cursor: `c${ended.length}`,
        more: false,
        now,
      };
  const end = () => response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  if (url.endsWith("held")) held.push(end);
  else end();
}

const server = createServer(answer);

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const of = (algorithm: (typeof algorithms)[number]) => new FakeIssuer({ algorithm, issuer });
  issuers = new Map(algorithms.map((algorithm) => [algorithm, of(algorithm)]));
  worker = await runWorker({ ISSUER: issuer, KEY: key, JWKS_URL: `${issuer}/jwks` });
});

afterAll(async () => {
  await worker?.stop();
  server.closeAllConnections();
  server.close();
});

async function judge(
  verifier: "keys" | "twins" | "cold" | "redirected" | "feed",
  token: string,
): Promise<object> {
  const headers = { Authorization: `Bearer ${token}` };
  return (await fetch(`${worker.url}/${verifier}`, { headers })).json() as Promise<object>;
}

/** One key pair that is published for both algorithms of RSA: nothing but the padding tells their signatures apart. */
const twins = generateKeyPairSync("rsa", { modulusLength: 2048 });

const twinKeys = ["RS256", "PS256"].map((alg) => ({
  ...twins.publicKey.export({ format: "jwk" }),
  kid: alg,
  alg,
}));

function tokenOfTwins(alg: string, signed: string): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const iat = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, aud: "http://localhost:8000", sub: "user_1", iat, exp: iat + 900 };
  const input = `${encode({ alg, kid: alg, typ: "at+jwt" })}.${encode(claims)}`;
  const padding = signed === "PS256" ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const options = { key: twins.privateKey, padding, ...(signed === "PS256" && { saltLength: 32 }) };
  return `${input}.${sign("sha256", Buffer.from(input), options).toString("base64url")}`;
}

const tokenOf = (algorithm: string, claims: object = {}) =>
  (issuers.get(algorithm) as FakeIssuer).mintToken(claims as IssuedToken);

describe("a verifier in Cloudflare's workerd", () => {
  test.each(algorithms)("fetches keys from their address and accepts a token of %s", async (algorithm) => {
    expect(await judge("keys", tokenOf(algorithm))).toMatchObject({ userId: "user_1" });
  });

  test("fetches them once", () => {
    expect(asked).toEqual(["/jwks"]);
  });

  test.each(algorithms)("refuses another signature under %s", async (algorithm) => {
    const [header, , signature] = tokenOf(algorithm).split(".");
    const payload = tokenOf(algorithm, { sub: "user_2" }).split(".")[1];
    const forged = `${header}.${payload}.${signature}`;
    expect(await judge("keys", forged)).toMatchObject({ code: "bad_signature" });
  });

  test.each([
    ["RS256", "PS256"],
    ["PS256", "RS256"],
  ])("refuses a signature of %s under the same key for %s", async (signed, said) => {
    expect(await judge("twins", tokenOfTwins(said, signed))).toMatchObject({ code: "bad_signature" });
    expect(await judge("twins", tokenOfTwins(said, said))).toMatchObject({ userId: "user_1" });
  });

  test("lets all requests of a cold start wait for one fetch", async () => {
    asked = [];
    const verdicts = Array.from({ length: 20 }, () => judge("cold", tokenOf("EdDSA")));
    await expect.poll(() => held.length, { timeout: 20_000 }).toBe(1);
    for (const answerNow of held.splice(0)) answerNow();
    for (const verdict of await Promise.all(verdicts)) expect(verdict).toMatchObject({ userId: "user_1" });
    expect(asked).toEqual(["/jwks/held"]);
  });

  test("refuses keys that it is redirected to, and says so", async () => {
    asked = [];
    expect(await judge("redirected", tokenOf("EdDSA"))).toMatchObject({
      code: "unavailable",
      events: [{ name: "watchword.keys.failed", reason: "redirect" }],
    });
    expect(asked).toEqual(["/jwks/moved"]);
  });

  test("asks the feed on demand, and learns what has ended", async () => {
    asked = [];
    const token = () => mintToken({ key, iss: issuer, sid: "session-1" });
    expect(await judge("feed", token())).toMatchObject({
      userId: "user_1",
      events: [{ name: "watchword.feed.state", state: "fresh" }],
    });
    expect(asked).toEqual(["/api/auth/revocations"]);
    ended.push("session-1");
    await expect.poll(() => judge("feed", token()), { timeout: 20_000 }).toMatchObject({ code: "revoked" });
    expect(asked.slice(1)).toEqual(["/api/auth/revocations?after=c0"]);
  });
});
