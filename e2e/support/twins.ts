import { afterAll, beforeAll, describe, expect } from "vitest";
import { comparable } from "./api-caller.ts";
import { type Backend, backendNames, startBackend } from "./backend.ts";
import { ConnectionClosed, exchange, type HeaderLines, type RawRequest } from "./raw-request.ts";
import { newRealm } from "./realm.ts";
import { chosenStores, newStore, type Store, type StoreName } from "./store.ts";
import { type Claims, type Realm, tokenFor } from "./token.ts";

/** What one backend said, free of what may differ: dates and request ids. */
type Said =
  | { readonly status: number; readonly headers: readonly string[]; readonly text: string }
  | "closed";

/** A request that the two backends answered differently. */
export interface Difference {
  readonly request: string;
  readonly hono: unknown;
  readonly fastapi: unknown;
}

/** Says a request briefly; it is sent as it stands. */
export function request(
  method: string,
  target: string,
  headers: HeaderLines = [],
  body?: string | Uint8Array,
): RawRequest {
  return { method, target, headers, body };
}

export const asJson = ["Content-Type", "application/json"] as const;

/** What the API keeps. */
const tables = ["tasks", "profiles", "conversations", "messages", "posts", "task_changes"];

const dates = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g;

function shortened(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length})` : text;
}

/** A request in one line, for reports. */
export function described({ method, target, headers, body }: RawRequest): string {
  const lines = headers
    .filter(([name, value]) => name !== "Authorization" || value.length < 200)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const sent =
    body === undefined
      ? ""
      : JSON.stringify(typeof body === "string" ? body : Buffer.from(body).toString("latin1"));
  return shortened([`${method} ${target}`, ...lines, ...(sent === "" ? [] : [shortened(sent)])].join(" | "));
}

/** Both backends, started alike on empty stores, so that even their row ids agree. */
export class Twins {
  readonly realm: Realm;
  readonly #backends: readonly Backend[];
  readonly #stores: readonly Store[];

  private constructor(realm: Realm, backends: readonly Backend[], stores: readonly Store[]) {
    this.realm = realm;
    this.#backends = backends;
    this.#stores = stores;
  }

  static async start(storeName: StoreName): Promise<Twins> {
    const realm = newRealm();
    const stores: Store[] = [];
    for (const name of backendNames) stores.push(await newStore(storeName, `twin ${name}`));
    const backends = await Promise.all(
      backendNames.map((name, index) => startBackend(name, { realm, databaseUrl: stores[index]?.url ?? "" })),
    );
    return new Twins(realm, backends, stores);
  }

  /** Gives each of two users, ann and ben, a profile, a conversation, two posts and three tasks: 1 to 3 are ann's, 4 to 6 are ben's. */
  async populate(): Promise<void> {
    const requests = ["ann", "ben"].flatMap((user) => {
      const headers = [this.credentialOf(user), asJson];
      return [
        request("GET", "/api/v1/users/me", headers),
        request("POST", `/api/${user}/chat`, headers, '{"message":"help"}'),
        ...[true, false].map((is_private) =>
          request("POST", "/api/v1/posts", headers, JSON.stringify({ title: "t", body: user, is_private })),
        ),
        ...["first", "Second", "\u{1f600}"].map((title) =>
          request("POST", `/api/${user}/tasks`, headers, JSON.stringify({ title: `${title} of ${user}` })),
        ),
      ];
    });
    expect(await this.differences(requests)).toEqual([]);
  }

  /** The header line of a user's good token. */
  credentialOf(user: string, more: Claims = {}): readonly [string, string] {
    const claims = { email: `${user}@example.test`, name: user.toUpperCase(), ...more };
    return ["Authorization", `Bearer ${tokenFor(this.realm, user, claims)}`];
  }

  /** The two answer every request alike and store the same. */
  async expectAlike(requests: readonly RawRequest[]): Promise<void> {
    const differences = await this.differences(requests);
    expect(differences.slice(0, 40), `${differences.length} of ${requests.length} differ`).toEqual([]);
    const [hono, fastapi] = await this.stored();
    expect(hono).toBe(fastapi);
  }

  /** As {@link expectAlike}, and nothing is written. */
  async expectAlikeWithoutWriting(requests: readonly RawRequest[]): Promise<void> {
    const before = await this.stored();
    await this.expectAlike(requests);
    expect(await this.stored()).toEqual(before);
  }

  async stop(): Promise<void> {
    for (const backend of this.#backends) await backend.process.stop();
    for (const store of this.#stores) await store.remove();
  }

  /** Sends one request to both at once; the answers, Hono's first. The Host is the same for both. */
  async answers(request: RawRequest): Promise<readonly Said[]> {
    const headers = [["Host", "twins.test"] as const, ...request.headers];
    return await Promise.all(
      this.#backends.map(async ({ origin }) => {
        try {
          const { text, ...rest } = comparable(await exchange(origin, { ...request, headers }));
          return { ...rest, text: text.replaceAll(dates, "<date>") };
        } catch (error) {
          if (error instanceof ConnectionClosed) return "closed";
          throw error;
        }
      }),
    );
  }

  /** Sends requests one after another and gives those on which the two differ, or on which either failed inside. */
  async differences(requests: Iterable<RawRequest>): Promise<Difference[]> {
    const found: Difference[] = [];
    for (const request of requests) {
      const [hono, fastapi] = await this.answers(request);
      if (hono === undefined || fastapi === undefined) throw new Error("Two answers were expected.");
      const broken = [hono, fastapi].some((said) => said === "closed" || said.status >= 500);
      if (broken || JSON.stringify(hono) !== JSON.stringify(fastapi))
        found.push({ request: described(request), ...contrast(hono, fastapi) });
    }
    return found;
  }

  /** Everything that is stored, per backend, free of dates. */
  async stored(): Promise<readonly string[]> {
    return await Promise.all(
      this.#stores.map(async (store) => {
        const rows = await Promise.all(tables.map((table) => store.rows(table)));
        return JSON.stringify(rows).replaceAll(dates, "<date>");
      }),
    );
  }
}

/** Only what differs of two answers, so that a report can be read. */
function contrast(hono: Said, fastapi: Said): Pick<Difference, "hono" | "fastapi"> {
  if (hono === "closed" || fastapi === "closed") return { hono, fastapi };
  const only = (left: Exclude<Said, "closed">, right: Exclude<Said, "closed">) => ({
    status: left.status,
    headers: left.headers.filter((line) => !right.headers.includes(line)),
    ...(left.text === right.text ? {} : { text: shortened(left.text) }),
  });
  return { hono: only(hono, fastapi), fastapi: only(fastapi, hono) };
}

/** Runs the same facts against a pair of backends on each chosen store. */
export function describeTwins(facts: (twins: () => Twins) => void, populated = true): void {
  for (const store of chosenStores())
    describe(`on ${store}`, () => {
      let twins: Twins | undefined;
      beforeAll(async () => {
        twins = await Twins.start(store);
        if (populated) await twins.populate();
      });
      afterAll(async () => {
        await twins?.stop();
      });
      facts(() => {
        if (twins === undefined) throw new Error("The twins are started before the first fact.");
        return twins;
      });
    });
}
