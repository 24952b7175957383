import { type ClauseName, refusalInWords } from "./clause.ts";
import { decodeUnverified, type UnverifiedToken } from "./decode-token.ts";
import { sessionCacheToken, signedByWrongKey, withHeader, withPayload } from "./forged-token.ts";
import { otherAudience } from "./other-audience.ts";
import { pathUserId } from "./path-user-id.ts";
import type { RawAnswer } from "./raw-answer.ts";

/** One request to be sent as it is. */
export interface Attempt {
  /** Behind the address of the API. */
  readonly path: string;
  /** The value of the `Authorization` header; absent for a request without one. */
  readonly authorization: string | undefined;
  /** What is different from an honest request, one line each. */
  readonly differences: readonly string[];
  /** Says why the request was not an attack, now that its answer is there; `undefined` for an attack. */
  readonly harmless?: (answer: Pick<RawAnswer, "body">) => string | undefined;
}

/** What came of an attempt. A request for what is the user's own is not an attack, whatever the answer. */
export type Verdict = "refused" | "got through" | "not an attack";

/** The verdict on an attempt, and a sentence that says it. */
export function judge(attempt: Attempt, answer: RawAnswer): { verdict: Verdict; words: string } {
  const harmless = attempt.harmless?.(answer);
  if (harmless !== undefined) return { verdict: "not an attack", words: `Not an attack: ${harmless}` };
  if (answer.status >= 400) return { verdict: "refused", words: refusalInWords(answer.code) };
  return { verdict: "got through", words: "It got through. That must not happen." };
}

/** A way in that is tried, and what has to stop it. */
interface WayIn {
  readonly id: string;
  readonly title: string;
  /** What is tried, and what there is to learn from it. */
  readonly text: string;
  /** The code that it has to be refused with, and the clause that decides. */
  readonly code: string;
  readonly clause: ClauseName;
}

/** A credential that is not what the API was promised. It is sent to the own address. */
export interface Forgery extends WayIn {
  readonly make: (token: GoodToken) => Forged | Promise<Forged>;
}

type Forged = Omit<Attempt, "path">;

/** An honest credential in a place that is not its user's. */
export interface Trespass extends WayIn {
  readonly aim: (at: Aim) => Omit<Attempt, "authorization">;
}

/** The own token, good as it is. */
export interface GoodToken {
  readonly text: string;
  readonly parts: UnverifiedToken;
  /** Asks for a token of the same user that was made for {@link otherAudience}. */
  readonly forAnotherApi: () => Promise<string>;
}

/** What a trespass is aimed at. */
export interface Aim {
  readonly userId: string;
  readonly otherUserId: string;
  /** The number of a row. */
  readonly row: string;
}

/** The forgery as a request for the user's own tasks. A credential that came out as good as the real one is not an attack. */
export async function forge(way: Forgery, token: GoodToken, userId: string): Promise<Attempt> {
  const forged = await way.make(token);
  const same = forged.authorization === `Bearer ${token.text}`;
  return {
    path: tasksPath(userId),
    ...forged,
    ...(same && { harmless: () => "this is your own token, unchanged." }),
  };
}

/** Where a user's tasks are. @throws TypeError for an id that would lead elsewhere */
export function tasksPath(userId: string): string {
  return `/api/${encodeURIComponent(pathUserId(userId))}/tasks`;
}

/** @throws TypeError for a row that would lead elsewhere */
function rowSegment(row: string): string {
  const number = row.trim();
  // `events` is the stream of changes, whose answer has no end.
  if (["", ".", "..", "events"].includes(number))
    throw new TypeError("This is no number of a row: it would change the address that it stands in.");
  return encodeURIComponent(number);
}

/** Whether the body is a task of this user. */
function isTaskOf(userId: string, body: string): boolean {
  try {
    return (JSON.parse(body) as { user_id?: unknown } | null)?.user_id === userId;
  } catch {
    return false;
  }
}

const tenYears = 315_360_000;

/** In the order in which the API asks its questions. */
export const forgeries: readonly Forgery[] = [
  {
    id: "no-token",
    title: "Send no token",
    text: "The address is right, but nobody is named.",
    code: "missing",
    clause: "CS-1",
    make: () => ({ authorization: undefined, differences: ["no Authorization header"] }),
  },
  {
    id: "two-credentials",
    title: "Send two credentials",
    text: "The good token twice. One reader would take the first, another the last; this one takes neither.",
    code: "ambiguous_credentials",
    clause: "CS-1",
    make: ({ text }) => ({
      authorization: `Bearer ${text}, Bearer ${text}`,
      differences: ["two credentials, joined by a comma"],
    }),
  },
  {
    id: "alg-none",
    title: "Say that no signature is needed",
    text: "The header says alg: none. It asks the API to believe without checking.",
    code: "unsupported_alg",
    clause: "CS-5",
    make: ({ parts }) => ({
      authorization: `Bearer ${withHeader(parts, { alg: "none" })}`,
      differences: [change("alg", parts.header["alg"], "none")],
    }),
  },
  {
    id: "session-cache",
    title: "Send a session as a token",
    text: "A JWT of the form in which Better Auth can keep a session. Scripts cannot read the real cookie, so the signature is made up: its kind is refused before that matters.",
    code: "wrong_type",
    clause: "CS-7",
    make: ({ parts }) => ({
      authorization: `Bearer ${sessionCacheToken(parts)}`,
      differences: [change("typ", parts.header["typ"], undefined), "claims: session and user"],
    }),
  },
  {
    id: "other-audience",
    title: "Use a token that was made for another API",
    text: "The web app gives out tokens for several APIs (?audience=), each signed with the key of its API. This one is yours and fresh, but this API does not have its key.",
    code: "unknown_key",
    clause: "CS-8",
    make: async ({ parts, forAnotherApi }) => {
      const text = await forAnotherApi();
      const { aud } = decodeUnverified(text).payload;
      return {
        authorization: `Bearer ${text}`,
        differences: [
          change("aud", parts.payload["aud"], aud),
          "signed by the web app with the key of that audience",
        ],
        harmless: () =>
          shareOne(aud, parts.payload["aud"]) ? "the web app made this token for your API, too." : undefined,
      };
    },
  },
  {
    id: "tampered",
    title: "Make yourself an administrator",
    text: "One word of the payload is changed. The signature was made for the old one.",
    code: "bad_signature",
    clause: "CS-9",
    // Who is one already reaches for more.
    make: ({ parts }) => withClaim(parts, "role", ["admin", "owner"]),
  },
  {
    id: "longer-life",
    title: "Live ten years longer",
    text: "The end is moved. Times are asked about later (CS-14), and only of a token whose signature is right.",
    code: "bad_signature",
    clause: "CS-9",
    make: ({ parts }) => withClaim(parts, "exp", [Number(parts.payload["exp"]) + tenYears]),
  },
  {
    id: "wrong-key",
    title: "Sign it yourself",
    text: "Every claim is right and the signature is a real one, made by this page with a key of its own.",
    code: "bad_signature",
    clause: "CS-9",
    make: async ({ parts }) => ({
      authorization: `Bearer ${await signedByWrongKey(parts)}`,
      differences: ["signed by this page: HS256, 256 random bits"],
    }),
  },
];

/** In the order in which the API asks its questions, once it knows who is calling. */
export const trespasses: readonly Trespass[] = [
  {
    id: "another-address",
    title: "Open another user's URL",
    text: "The caller is known, but the address names somebody else. It is refused before a single row is looked at.",
    code: "wrong_subject",
    clause: "CS-19",
    aim: ({ userId, otherUserId }) => ({
      path: tasksPath(otherUserId),
      differences: [change("user in the address", userId, otherUserId)],
      harmless: () => (otherUserId === userId ? "that is your own user id. Try another one." : undefined),
    }),
  },
  {
    id: "another-row",
    title: "Open another user's row",
    text: "Your own address, but a row that is not yours. A row of somebody else and no row at all get the same answer, so nobody learns which it is.",
    code: "not_found",
    clause: "HTTP-3",
    aim: ({ userId, row }) => ({
      path: `${tasksPath(userId)}/${rowSegment(row)}`,
      differences: [`row ${row} in the address`],
      harmless: ({ body }) => (isTaskOf(userId, body) ? "that row is yours. Try another number." : undefined),
    }),
  },
];

/** The claim with the first of these values that is not the present one. */
function withClaim(parts: UnverifiedToken, name: string, values: readonly unknown[]): Forged {
  const before = parts.payload[name];
  const value = values.find((one) => JSON.stringify(one) !== JSON.stringify(before));
  return {
    authorization: `Bearer ${withPayload(parts, { [name]: value })}`,
    differences: [change(name, before, value)],
  };
}

function change(name: string, before: unknown, after: unknown): string {
  const shown = (value: unknown) => (value === undefined ? "nothing" : JSON.stringify(value));
  return `${name}: ${shown(before)} → ${shown(after)}`;
}

/** Whether two `aud` claims name an audience in common. */
function shareOne(left: unknown, right: unknown): boolean {
  return [left].flat().some((audience) => [right].flat().includes(audience));
}
