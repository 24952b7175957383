import { generateKeyPairSync, sign } from "node:crypto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { errorTable } from "../../src/errors.ts";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import { type AdjustableClock, fixedClock } from "../../src/testing/index.ts";
import { audience, claims, encode, issuer, now } from "../sample-token.ts";

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const jwk = { ...publicKey.export({ format: "jwk" }), kid: "ed-1" };
const code = (text: string) => expect.objectContaining({ code: text });

function token(changes: object = {}, headerChanges: object = {}): string {
  const header = { alg: "EdDSA", kid: "ed-1", ...headerChanges };
  const input = `${encode(JSON.stringify(header))}.${encode(JSON.stringify({ ...claims, ...changes }))}`;
  return `${input}.${sign(null, Buffer.from(input), privateKey).toString("base64url")}`;
}

describe("a verifier whose keys are published at an address", () => {
  let clock: AdjustableClock;
  let keys: readonly object[];
  let fetched: number;

  const verifier = () =>
    createVerifier({
      issuer,
      audience,
      jwksUrl: "https://auth.example.test/api/auth/jwks",
      fetch: async () => {
        fetched += 1;
        return new Response(JSON.stringify({ keys }));
      },
      clock,
      clockToleranceSeconds: 0,
    });

  beforeEach(() => {
    clock = fixedClock(now);
    keys = [jwk];
    fetched = 0;
  });

  test("accepts a token once its key was fetched, and remembers both", async () => {
    const { verify } = verifier();
    const text = token();
    const identity = await verify(text);
    expect(identity.userId).toBe("user_a");
    expect(await verify(text)).toBe(identity);
    expect(fetched).toBe(1);
  });

  test("checks signature and claims after the fetch as ever", async () => {
    const good = token();
    const other = `${good.slice(0, good.lastIndexOf("."))}.${token({ sub: "user_b" }).split(".")[2]}`;
    await expect(verifier().verify(other)).rejects.toEqual(code("bad_signature"));
    await expect(verifier().verify(token({ exp: now }))).rejects.toEqual(code("expired"));
    await expect(verifier().verify(token({ cnf: {} }))).rejects.toEqual(code("sender_constrained"));
  });

  test("tells the operator of a refusal after the fetch", async () => {
    const events: string[] = [];
    const { verify } = createVerifier({
      issuer,
      audience,
      jwksUrl: "https://auth.example.test/api/auth/jwks",
      fetch: async () => new Response(JSON.stringify({ keys })),
      clock,
      onReject: (event) => events.push(event.code),
    });
    await expect(verify(token({}, { kid: "ed-2" }))).rejects.toEqual(code("unknown_key"));
    expect(events).toEqual(["unknown_key"]);
  });

  test("asks a revocation source after the fetch too", async () => {
    const { verify } = createVerifier({
      issuer,
      audience,
      jwksUrl: "https://auth.example.test/api/auth/jwks",
      fetch: async () => new Response(JSON.stringify({ keys })),
      clock,
      revocation: { isRevoked: ({ tokenId }) => tokenId === "token-1" },
    });
    await expect(verify(token())).rejects.toEqual(code("revoked"));
  });

  test("forgets a remembered token whose key is no longer published", async () => {
    const { verify } = verifier();
    const text = token({ exp: now + 3600 });
    await verify(text);
    keys = [{ ...jwk, kid: "ed-2" }];
    clock.advance(601);
    await expect(verify(text)).rejects.toEqual(code("unknown_key"));
  });

  test("forgets it at once when an unknown kid has brought a set without its key", async () => {
    const { verify } = verifier();
    const text = token();
    await verify(text);
    keys = [{ ...jwk, kid: "ed-2" }];
    clock.advance(31);
    await verify(token({}, { kid: "ed-2" }));
    expect(fetched).toBe(2);
    await expect(verify(text)).rejects.toEqual(code("unknown_key"));
  });

  test("lets every request with a new kid wait for the one fetch that brings it", async () => {
    const { verify } = verifier();
    await verify(token());
    keys = [jwk, { ...jwk, kid: "ed-2" }];
    const newly = token({}, { kid: "ed-2" });
    const identities = await Promise.all([verify(newly), verify(newly), verify(newly)]);
    expect([identities.length, fetched]).toEqual([3, 2]);
  });

  test("serves keys at hand at once after one failed fetch, while the address does not answer", async () => {
    const answers: ((response: Response) => void)[] = [];
    const { verify } = createVerifier({
      issuer,
      audience,
      jwksUrl: "https://auth.example.test/api/auth/jwks",
      fetch: () => new Promise<Response>((resolve) => answers.push(resolve)),
      clock,
      cache: false,
    });
    const text = token({ exp: now + 10_000 });
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const answer = (status: number) => answers.at(-1)?.(new Response(JSON.stringify({ keys }), { status }));
    const first = verify(text);
    answer(200);
    await first;
    clock.advance(600);
    const waiting = verify(text);
    answer(500);
    expect((await waiting).userId).toBe("user_a");
    // From now on each fetch is answered only once it was used: whoever waited would wait for ever.
    for (let tries = 3; tries < 103; tries += 1) {
      clock.advance(30);
      expect((await verify(text)).userId).toBe("user_a");
      expect(answers).toHaveLength(tries);
      answer(500);
      await turn();
    }
    clock.advance(1);
    const last = verify(text);
    answer(500);
    await expect(last).rejects.toEqual(code("unavailable"));
    clock.advance(1);
    const recovered = verify(text);
    answer(200);
    expect((await recovered).userId).toBe("user_a");
  });

  test("fetches again where a request took the fetch with it that others wait for", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const answers: ((response: Response) => void)[] = [];
    const { verify } = createVerifier({
      issuer,
      audience,
      jwksUrl: "https://auth.example.test/api/auth/jwks",
      fetch: () => new Promise<Response>((resolve) => answers.push(resolve)),
      clock,
    });
    void verify(token()).catch(() => {});
    // Neither its answer nor its timers will ever come.
    vi.clearAllTimers();
    const waiting = expect(verify(token())).rejects.toEqual(code("unavailable"));
    await vi.advanceTimersByTimeAsync(10_000);
    await waiting;
    clock.advance(11);
    const next = verify(token());
    answers[1]?.(new Response(JSON.stringify({ keys })));
    expect((await next).userId).toBe("user_a");
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  test("keeps an unknown kid unknown while nothing is asked after a failed fetch", async () => {
    let status = 200;
    const { verify } = createVerifier({
      issuer,
      audience,
      jwksUrl: "https://auth.example.test/api/auth/jwks",
      fetch: async () => {
        fetched += 1;
        return new Response(JSON.stringify({ keys }), { status });
      },
      clock,
    });
    await verify(token({ exp: now + 10_000 }));
    status = 500;
    clock.advance(600);
    await verify(token({ exp: now + 10_000 }));
    await expect(verify(token({}, { kid: "ed-2" }))).rejects.toEqual(code("unknown_key"));
    expect(fetched).toBe(2);
  });

  test("is unavailable while no key can be fetched, and the answer says why", async () => {
    const { verify } = createVerifier({
      issuer,
      audience,
      jwksUrl: "https://auth.example.test/api/auth/jwks",
      fetch: async () => new Response(null, { status: 500 }),
      clock,
    });
    const message = errorTable.unavailable.variants.keys;
    await expect(verify(token())).rejects.toMatchObject({ code: "unavailable", message });
  });
});
