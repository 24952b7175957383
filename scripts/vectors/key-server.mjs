import { CannotRun } from "./verdict.mjs";

const megabyte = 1_048_576;

/** Publishes a key set to a `fetch` of its own, rightly or wrongly, without a network. */
export function keyServer(jwks, keys, clock) {
  let answer = () => json({ keys: jwks?.keys ?? [] });
  let fetches = 0;
  const current = jwks?.keys ?? [];

  const kinds = {
    html: () =>
      new Response("<!doctype html><title>Sign in</title>", { headers: { "Content-Type": "text/html" } }),
    redirect: (init) => redirected(init, keys),
    huge: () => new Response(chunks(50 * megabyte, " ")),
    gzipbomb: () => new Response(chunks(1024 * megabyte, "\0")),
    slow: () => new Response(slowly(JSON.stringify({ keys: current }), clock)),
    array: () => json([]),
    private: () => json({ keys: withPrivateMembers(current, keys) }),
    rsa1024: () => json({ keys: [weakRsa("rsa-1024", 128, "AQAB")] }),
    "rsa-e1": () => json({ keys: [weakRsa("rsa-e1", 256, "AQ")] }),
    10000: () => json({ keys: Array.from({ length: 10_000 }, () => current[0]) }),
    dupmember: () => new Response(`{"keys":[],"keys":${JSON.stringify(current)}}`),
  };

  return {
    get fetches() {
      return fetches;
    },
    fetch: async (_, init) => {
      fetches += 1;
      return answer(init);
    },
    publish: (set) => {
      answer = () => json({ keys: set });
    },
    answerStatus: (status) => {
      answer = () => new Response("", { status });
    },
    answerGiven: ({ status = 200, headers = {}, body = "" }) => {
      answer = () => new Response(body, { status, headers });
    },
    answerKind: (kind) => {
      if (!Object.hasOwn(kinds, kind)) throw new CannotRun(`unknown answer ${kind}`);
      answer = kinds[kind];
    },
  };
}

function json(value) {
  return new Response(JSON.stringify(value), { headers: { "Content-Type": "application/json" } });
}

/** `fetch` fails where redirects are refused, answers them where they are left alone, and follows them otherwise. */
function redirected(init, keys) {
  if (init?.redirect === "error") throw new TypeError("fetch failed");
  if (init?.redirect === "manual") {
    return new Response(null, { status: 302, headers: { Location: "https://attacker.test/jwks" } });
  }
  const { d: _, ...jwk } = keys.ed_attacker.jwk;
  return json({ keys: [jwk] });
}

/** A body of that many bytes, made while it is read. */
function chunks(bytes, character) {
  const chunk = Buffer.alloc(65_536, character);
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close();
      left -= chunk.length;
      return controller.enqueue(new Uint8Array(chunk));
    },
  });
}

/** One byte per second of the verifier's clock. */
function slowly(text, clock) {
  const bytes = Buffer.from(text, "utf8");
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      if (sent === bytes.length) return controller.close();
      clock.advance(1);
      sent += 1;
      return controller.enqueue(new Uint8Array(bytes.subarray(sent - 1, sent)));
    },
  });
}

function withPrivateMembers(published, keys) {
  const owned = Object.values(keys).flatMap(({ jwk }) => (jwk === undefined ? [] : [jwk]));
  return published.map(
    (key) => owned.find(({ kid, x, n }) => kid === key.kid && x === key.x && n === key.n) ?? key,
  );
}

function weakRsa(kid, bytes, e) {
  const n = Buffer.alloc(bytes, 0xc5).toString("base64url");
  return { kty: "RSA", alg: "RS256", use: "sig", kid, n, e };
}
