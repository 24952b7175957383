import { once } from "node:events";
import { request as ask, createServer, type OutgoingHttpHeaders, type Server } from "node:http";
import { expect, it } from "vitest";
import { entries, proveAll } from "../scenarios/list.ts";
import { Pair } from "../scenarios/pair.ts";
import { Minter } from "../scenarios/people.ts";
import { chosenBackends, listedOrigin } from "../support/backend.ts";
import { describeOwnBackends, type OwnBackend } from "../support/own-backends.ts";
import { freePort } from "../support/server-process.ts";
import { derivedKey, tokenFor } from "../support/token.ts";

/** What stands between the caller and the service, and does harm. */
interface Harm {
  /** The credential that is handed on. */
  readonly credential?: (path: string, value: string | undefined) => string | undefined;
  readonly answer?: (headers: OutgoingHttpHeaders, origin: string | undefined) => OutgoingHttpHeaders;
  readonly status?: (status: number, path: string) => number;
}

/** A proxy before the service that makes of it one with a fault. */
async function faulty(origin: string, harm: Harm): Promise<{ server: Server; origin: string }> {
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? "/";
    const authorization = harm.credential
      ? harm.credential(path, incoming.headers.authorization)
      : incoming.headers.authorization;
    const { authorization: _, ...others } = incoming.headers;
    const onward = ask(
      `${origin}${path}`,
      { method: incoming.method ?? "GET", headers: authorization ? { ...others, authorization } : others },
      (answer) => {
        const { headers, statusCode = 500 } = answer;
        outgoing.writeHead(
          harm.status?.(statusCode, path) ?? statusCode,
          harm.answer?.({ ...headers }, incoming.headers.origin) ?? headers,
        );
        answer.pipe(outgoing);
      },
    );
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  const port = await freePort();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return { server, origin: `http://127.0.0.1:${port}` };
}

it("the list has each line once, in order, and proves every one of them", () => {
  const lines = entries().filter(({ id }) => id.startsWith("ISO-"));
  expect(lines.map(({ id }) => id)).toEqual(
    Array.from({ length: 136 }, (_, index) => `ISO-${String(index + 1).padStart(3, "0")}`),
  );
  expect(lines.filter(({ name, work }) => name === "has no proof" || work.length === 0)).toEqual([]);
});

describeOwnBackends(
  "the list notices",
  (own: () => OwnBackend) => {
    const failedLines = async (harm: Harm, words: readonly string[]) => {
      if (!own().runs) await own().start();
      const { realm, running } = own();
      const proxy = await faulty(running.origin, harm);
      try {
        const target = {
          origin: proxy.origin,
          tokens: new Minter(realm.issuer, realm.audience, derivedKey(realm)),
          operator: { listedOrigin },
        };
        const results = await proveAll(target, words, () => {});
        expect(results.length).toBeGreaterThan(0);
        return results.filter(({ outcome }) => outcome === "failed").map(({ id }) => id);
      } finally {
        proxy.server.closeAllConnections();
        proxy.server.close();
      }
    };
    const userIn = (path: string) => /^\/api\/([^/?]+)\/(?:tasks|chat|conversations)/.exec(path)?.[1];

    it("nothing, where there is no fault", async () => {
      expect(await failedLines({}, ["ISO-00", "ISO-016", "ISO-018", "ISO-025", "ISO-100"])).toEqual([]);
    });

    it("a service that does not compare the user in the URL with the token", async () => {
      const credential = (path: string, value: string | undefined) => {
        const user = userIn(path);
        return value === undefined || user === undefined || value.includes("x.y.z")
          ? value
          : `Bearer ${tokenFor(own().realm, decodeURIComponent(user))}`;
      };
      const words = ["ISO-003", "ISO-016", "ISO-017", "ISO-018", "ISO-021", "ISO-023", "ISO-083", "ISO-085"];
      expect(await failedLines({ credential }, words)).toEqual(words);
    });

    it("a service that lets callers in without a credential", async () => {
      const credential = (path: string, value: string | undefined) => {
        const user = userIn(path);
        return value ?? (user === undefined ? undefined : `Bearer ${tokenFor(own().realm, user)}`);
      };
      expect(await failedLines({ credential }, ["ISO-004", "ISO-009", "ISO-012"])).toEqual([
        "ISO-004",
        "ISO-009",
        "ISO-012",
      ]);
    });

    it("a service that tells another user's row from none", async () => {
      let first: string | undefined;
      const status = (status: number, path: string) => {
        const row = /tasks\/(\d+)/.exec(path)?.[1];
        if (status !== 404 || row === undefined || row === "999999999") return status;
        first ??= row;
        return 403;
      };
      expect(await failedLines({ status }, ["ISO-025", "ISO-026", "ISO-032"])).toEqual([
        "ISO-025",
        "ISO-026",
        "ISO-032",
      ]);
      expect(first).toBeDefined();
    });

    it("answers that may be kept, and origins that are reflected", async () => {
      const answer = ({ "cache-control": _, ...headers }: OutgoingHttpHeaders, origin: string | undefined) =>
        origin === undefined ? headers : { ...headers, "access-control-allow-origin": origin };
      expect(await failedLines({ answer }, ["ISO-093", "ISO-100"])).toEqual(["ISO-093", "ISO-100"]);
    });
  },
  ["sqlite"],
  chosenBackends().slice(0, 1),
);

it.each(chosenBackends().slice(0, 1))(
  "the list notices a %s that does not hear of ended sessions",
  async (name) => {
    const pair = new Pair(name, "sqlite", { REVOCATION: "none" });
    try {
      const lines = ["ISO-083", "ISO-084", "ISO-124", "ISO-126", "ISO-129", "ISO-131", "ISO-132", "ISO-133"];
      const results = await proveAll(await pair.start(), [...lines, "ISO-136"], () => {});
      expect(results.filter(({ outcome }) => outcome === "failed").map(({ id }) => id)).toEqual([
        ...lines,
        "ISO-136",
      ]);
    } finally {
      await pair.stop();
    }
  },
  120_000,
);
