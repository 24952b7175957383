import { once } from "node:events";
import { expect, test } from "vitest";
import { proxyRefusals } from "../../src/proxy/proxy-refusal.ts";
import { contractFile } from "../contract-files.ts";
import { type StageOptions, stage } from "./proxy-stage.ts";

interface Entry {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
}

const contract = contractFile<{ type_prefix: string; codes: Record<string, Entry> }>("proxy-errors.json");

type Stage = Awaited<ReturnType<typeof stage>>;

/** For each code a request that is refused by it. */
const refused: Readonly<
  Record<string, { options?: StageOptions; ask: (stage: Stage) => Promise<Response> | Response }>
> = {
  malformed_request: { ask: ({ ask }) => ask("/api/v1/posts?q=%00") },
  ambiguous_session: {
    ask: async ({ ask, ada, signedIn }) =>
      ask("/api/v1/posts", { cookie: `${ada.cookie}; ${(await signedIn("bob")).cookie}` }),
  },
  upgrade_refused: { ask: ({ ask }) => ask("/api/v1/posts", { headers: { upgrade: "websocket" } }) },
  not_signed_in: { ask: ({ ask, ada }) => ask(`/api/${ada.userId}/tasks`, { cookie: "" }) },
  foreign_page: { ask: ({ ask }) => ask("/api/v1/posts", { headers: { "sec-fetch-site": "same-site" } }) },
  wrong_subject: { ask: ({ ask }) => ask("/api/somebody-else/tasks") },
  not_found: { ask: ({ ask }) => ask("/api/v1/admin/users") },
  method_not_allowed: { ask: ({ ask }) => ask("/api/v1/posts", { method: "OPTIONS" }) },
  body_too_large: {
    options: { maxBodyBytes: 10 },
    ask: ({ ask }) => ask("/api/v1/posts", { method: "POST", body: "x".repeat(11) }),
  },
  aborted: {
    options: { answer: () => {} },
    async ask({ ask, upstream }) {
      const leaving = new AbortController();
      const answer = ask("/api/v1/posts", { signal: leaving.signal });
      await once(upstream.server, "request");
      leaving.abort();
      return answer;
    },
  },
  bad_answer: {
    options: { answer: (_, response) => void response.writeHead(302, { location: "/elsewhere" }).end() },
    ask: ({ ask }) => ask("/api/v1/posts"),
  },
  unavailable: {
    ask({ ask, upstream }) {
      upstream.server.closeAllConnections();
      upstream.server.close();
      return ask("/api/v1/posts");
    },
  },
};

test("the table of codes is the contract's", () => {
  expect(proxyRefusals).toEqual(contract.codes);
});

test("every code of the contract has a request here that is refused by it", () => {
  expect(Object.keys(refused).sort()).toEqual(Object.keys(contract.codes).sort());
});

test.each(Object.entries(contract.codes))("%s is answered as the contract says", async (code, entry) => {
  const { options, ask } = refused[code] ?? { ask: () => Response.error() };
  const standing = await stage(options);
  const answer = await ask(standing);
  expect(answer.status).toBe(entry.status);
  expect(await answer.json()).toEqual({ type: `${contract.type_prefix}${code}`, ...entry, code });
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(standing.events.map((event) => [event.name, event.code])).toEqual([
    ["watchword.proxy.refused", code],
  ]);
});

test("two session cookies of one user are that user, and those of two are removed", async () => {
  const { ask, ada, signedIn } = await stage({});
  const bob = await signedIn("bob");
  expect((await ask("/api/v1/posts", { cookie: `${ada.cookie}; ${ada.cookie}` })).status).toBe(200);
  const dead = ada.cookie.replace(/=[^;]+/, "=rubbish");
  expect((await ask("/api/v1/posts", { cookie: `${dead}; ${ada.cookie}` })).status).toBe(200);
  const refused = await ask("/api/v1/posts", { cookie: `${ada.cookie}; ${bob.cookie}` });
  const removed = refused.headers.getSetCookie().filter((one) => one.includes("session_token=; "));
  expect(removed).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/Path=\/; Max-Age=0/),
      expect.stringMatching(/Path=\/; Domain=app\.test; Max-Age=0/),
    ]),
  );
});
