import { generateKeyPairSync } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test, vi } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import { fetchKeySet, keySetBounds } from "../../src/keys/fetch-key-set.ts";
import { keySetAges } from "../../src/keys/remote-key-set.ts";
import { contractFile } from "../contract-files.ts";
import { audience, issuer, now, options } from "../sample-token.ts";

const { publicKey } = generateKeyPairSync("ed25519");
const jwk = { ...publicKey.export({ format: "jwk" }), kid: "k1", alg: "EdDSA" };
const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
}

afterEach(() => {
  vi.useRealTimers();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const load = (url: string) => fetchKeySet(url, fetch, systemClock);

test("the bounds and ages are the contract's", () => {
  const { key_set: values } = contractFile<{ key_set: Record<string, { value: number }> }>("defaults.json");
  const inContract = (name: string) =>
    values[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)]?.value;
  for (const [name, value] of Object.entries({ ...keySetBounds, ...keySetAges })) {
    expect({ [name]: value }).toEqual({ [name]: inContract(name) });
  }
});

test("a key set is read from a real server, compressed or not", async () => {
  const plain = await serve((_, answer) => answer.end(JSON.stringify({ keys: [jwk] })));
  expect((await load(plain)).keys).toMatchObject([{ algorithm: "EdDSA", kid: "k1" }]);
  const compressed = await serve((_, answer) => {
    answer.setHeader("Content-Encoding", "gzip");
    answer.end(gzipSync(JSON.stringify({ keys: [jwk] })));
  });
  expect((await load(compressed)).keys).toHaveLength(1);
});

test("a redirect is not followed", async () => {
  let followed = 0;
  const target = await serve((_, answer) => {
    followed += 1;
    answer.end(JSON.stringify({ keys: [jwk] }));
  });
  const url = await serve((_, answer) => answer.writeHead(302, { Location: target }).end());
  await expect(load(url)).rejects.toThrow();
  expect(followed).toBe(0);
});

test.each([201, 206, 301, 307, 308, 403, 404, 500])(
  "an answer %i is no key set, and its body is left unread",
  async (status) => {
    const cancelled = vi.fn();
    const body = new ReadableStream({ cancel: cancelled });
    const asked: unknown[] = [];
    const answering = async (_: string, init: RequestInit) => {
      asked.push(init.redirect);
      return new Response(body, { status });
    };
    await expect(fetchKeySet("https://auth.test/jwks", answering, systemClock)).rejects.toThrow("not 200");
    // The one way not to follow a redirect that every platform knows.
    expect(asked).toEqual(["manual"]);
    expect(cancelled).toHaveBeenCalledOnce();
  },
);

test("a body over the bound is left unread, compressed or not", async () => {
  let written = 0;
  const endless = await serve((_, answer) => {
    const more = () => {
      written += 65_536;
      if (!answer.destroyed) answer.write(Buffer.alloc(65_536, " "), () => setImmediate(more));
    };
    more();
  });
  await expect(load(endless)).rejects.toThrow(/too large/);
  expect(written).toBeLessThan(64 * keySetBounds.maxBytes);
  const bomb = await serve((_, answer) => {
    answer.setHeader("Content-Encoding", "gzip");
    answer.end(gzipSync(Buffer.alloc(64 * keySetBounds.maxBytes)));
  });
  await expect(load(bomb)).rejects.toThrow();
});

test("a body that ends before its length is no answer", async () => {
  const body = JSON.stringify({ keys: [jwk] });
  const url = await serve((_, answer) => {
    answer.writeHead(200, { "Content-Length": body.length + 1 });
    answer.write(body, () => answer.destroy());
  });
  await expect(load(url)).rejects.toThrow();
});

test.each([[204], [301], [404], [500]])("an answer with status %i is none", async (status) => {
  const url = await serve((_, answer) => answer.writeHead(status).end());
  await expect(load(url)).rejects.toThrow();
});

test("an answer that never comes is given up after the contract's time", async () => {
  vi.useFakeTimers();
  let signal: AbortSignal | undefined;
  const never = fetchKeySet(
    "https://auth.example.test/jwks",
    (_, init) => {
      signal = init.signal ?? undefined;
      return new Promise(() => {});
    },
    systemClock,
  );
  const outcome = expect(never).rejects.toThrow(/too long/);
  await vi.advanceTimersByTimeAsync(keySetBounds.timeoutSeconds * 1000);
  await outcome;
  expect(signal?.aborted).toBe(true);
});

test("requests at the same time share one fetch", async () => {
  let fetches = 0;
  const verifier = createVerifier({
    issuer,
    audience,
    clock: options.clock,
    jwksUrl: "https://auth.example.test/jwks",
    fetch: async () => {
      fetches += 1;
      return new Response(JSON.stringify({ keys: [] }));
    },
  });
  const header = Buffer.from('{"alg":"EdDSA","kid":"k1"}').toString("base64url");
  const text = `${header}.${Buffer.from(`{"exp":${now}}`).toString("base64url")}.AAAA`;
  const codes = await Promise.all(
    Array.from({ length: 50 }, () => verifier.verify(text).catch(({ code }) => code)),
  );
  expect(new Set(codes)).toEqual(new Set(["unknown_key"]));
  expect(fetches).toBe(1);
});
