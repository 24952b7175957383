import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorTable, type RefusalCode } from "../../src/errors.ts";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import { fixedClock, mintToken } from "../../src/testing/index.ts";
import type { RevocationMode, RevocationSource } from "../../src/token/revocation.ts";
import type { VerifierOptions } from "../../src/token/verifier-options.ts";
import type { Verifier, VerifyOptions } from "../../src/token/verify.ts";
import { contractFile } from "../contract-files.ts";
import { exchange, type RawAnswer } from "./raw-exchange.ts";

/** The middlewares that stand before a route's handler, in order, with what they are given. */
export type Guard =
  | readonly ["authenticate" | "optionalUser", ...`revocation:${RevocationMode}`[]]
  | readonly ["requireSelf", string]
  | readonly ["requireScope" | "requireRole", ...string[]];

/** A route that answers `{ caller }`: the user's id, or `null` for an anonymous request. */
export interface AdapterRoute {
  /** Parameters in braces, as `/api/{user_id}/tasks`. */
  readonly path: string;
  readonly guards: readonly Guard[];
}

/** Accepted, refused by the adapter, or answered by the server or the framework before the adapter. */
type Expectation =
  | { readonly status: 200; readonly caller: string | null }
  | {
      readonly status: number;
      readonly code: RefusalCode;
      readonly challenge: string | null;
      readonly detail?: string;
    }
  | { readonly status: number };

interface AdapterCase {
  readonly name: string;
  readonly target: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly key?: string;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly omit?: readonly string[];
  readonly absent?: readonly string[];
  readonly expect: Expectation;
  readonly instead?: Readonly<Record<string, Expectation>>;
}

interface AdapterFile {
  readonly now: number;
  readonly verifier: {
    readonly issuer: string;
    readonly audience: string;
    readonly key: string;
    readonly clock_tolerance_seconds: number;
  };
  readonly revoked: { readonly sid: readonly string[]; readonly unknown: readonly string[] };
  readonly mint: { readonly key: string; readonly claims: Readonly<Record<string, unknown>> };
  readonly routes: readonly AdapterRoute[];
  readonly cases: readonly AdapterCase[];
}

const file = contractFile<AdapterFile>("vectors/adapters.json");

/** The routes that every framework serves. */
export const routes = file.routes;

const revocation: RevocationSource = {
  isRevoked({ sessionId = "" }) {
    if (file.revoked.unknown.includes(sessionId)) throw new Error("out of reach");
    return file.revoked.sid.includes(sessionId);
  },
};

/** How their verifier is made. */
export const verifierOptions = {
  issuer: file.verifier.issuer,
  audience: file.verifier.audience,
  key: file.verifier.key,
  clockToleranceSeconds: file.verifier.clock_tolerance_seconds,
  clock: fixedClock(file.now),
  revocation,
} satisfies VerifierOptions;

/** The verifier that stands before them. */
export const verifier = createVerifier(verifierOptions);

/** The five names that every adapter exports, each giving what its framework puts before a handler. */
export interface Adapter<Middleware> {
  authenticate(using: Verifier, options?: VerifyOptions): Middleware;
  optionalUser(using: Verifier, options?: VerifyOptions): Middleware;
  requireSelf(parameter: string): Middleware;
  requireScope(...scopes: string[]): Middleware;
  requireRole(...roles: string[]): Middleware;
}

/** The middlewares of a route, in order. */
export function middlewares<M>(adapter: Adapter<M>, { guards }: AdapterRoute): M[] {
  return guards.map(([name, ...given]) => {
    if (name === "requireSelf") return adapter.requireSelf(given[0] ?? "");
    return name === "authenticate" || name === "optionalUser"
      ? adapter[name](verifier, optionsOf(given))
      : adapter[name](...given);
  });
}

/** What `authenticate` and `optionalUser` are given beside their verifier. */
export function optionsOf(given: readonly string[]): VerifyOptions | undefined {
  const [use] = given.map((one) => one.slice("revocation:".length) as RevocationMode);
  return use === undefined ? undefined : { revocation: use };
}

/** A token of `user_a` that {@link verifier} accepts, with these changes. */
export function tokenFor({
  key,
  header,
  claims,
  omit = [],
}: Omit<Partial<AdapterCase>, "name"> = {}): string {
  return mintToken({
    ...file.mint.claims,
    ...claims,
    ...Object.fromEntries(omit.map((claim) => [claim, undefined])),
    key: key ?? file.mint.key,
    ...(header && { header }),
    clock: fixedClock(file.now),
  });
}

/** Where {@link routes} are served on 127.0.0.1. */
export interface Listening {
  readonly port: number;
  close(): unknown;
}

export function listening(server: Server): Listening {
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

/**
 * Every case of `contract/vectors/adapters.json` over a real socket.
 *
 * @param framework its name in the `instead` of a case.
 * @param startSeconds how long `listen` may take.
 */
export function adapterSuite(
  framework: string,
  listen: () => Promise<Listening>,
  { title = framework, startSeconds = 10 } = {},
): void {
  describe(`the cases of every adapter on ${title}`, () => {
    let server: Listening;
    beforeAll(async () => {
      server = await listen();
    }, startSeconds * 1000);
    afterAll(() => server.close());

    test("are all there", () => {
      expect(file.cases).toHaveLength(171);
    });

    test.each(file.cases)(
      "$name",
      async ({ target, headers = [["Authorization", "Bearer {token}"]], ...one }) => {
        const token = tokenFor(one);
        const filled = (text: string) => text.replaceAll("{token}", token);
        const answer = await exchange(
          server.port,
          filled(target),
          headers.map(([name, value]) => [name, filled(value)]),
        );
        for (const text of [...(one.absent ?? []), token]) expect(answer.text).not.toContain(text);
        hold(answer, one.instead?.[framework] ?? one.expect);
      },
    );
  });
}

function hold(answer: RawAnswer, expected: Expectation): void {
  if ("caller" in expected) {
    expect([answer.status, answer.body]).toEqual([200, JSON.stringify({ caller: expected.caller })]);
    expect(answer.header("cache-control")).toEqual(["no-store"]);
  } else if ("code" in expected) {
    const { status, code, challenge, detail = expect.any(String) } = expected;
    expect({
      status: answer.status,
      challenge: answer.header("www-authenticate"),
      type: answer.header("content-type"),
      cache: answer.header("cache-control"),
      retry: answer.header("retry-after"),
      problem: JSON.parse(answer.body),
    }).toEqual({
      status,
      challenge: challenge === null ? [] : [challenge],
      type: ["application/problem+json"],
      cache: ["no-store"],
      retry: status === 503 ? ["5"] : [],
      problem: {
        type: `urn:watchword:error:${code}`,
        title: errorTable[code].title,
        status,
        detail,
        code,
      },
    });
  } else {
    expect(answer.status).toBe(expected.status);
    expect(answer.body).not.toContain('"caller"');
  }
}
