import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { keyIdOf } from "../support/token.ts";
import type { Json, TokenShape, UserShape } from "./scenario.ts";

/** Someone who asks. Everything of theirs carries the nonce, by which a leak shows. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly nonce: string;
  readonly token: string;
}

/** Where tokens come from. */
export interface TokenSource {
  /** What scenarios may name of the issuer. */
  readonly variables: Readonly<Record<string, string>>;
  /** A person of whom nothing is known to the service yet. */
  person(role: string, shape: UserShape): Person;
  /** A token of a person that differs from a good one. */
  token(person: Person, shape: TokenShape): string;
}

/** The time in seconds, for `{ "$now": -60 }` in claims. */
function timed(value: Json): Json {
  if (typeof value === "object" && value !== null && !Array.isArray(value) && "$now" in value)
    return Math.floor(Date.now() / 1000) + Number(value["$now"]);
  return value;
}

function segment(content: object): string {
  return Buffer.from(JSON.stringify(content), "utf8").toString("base64url");
}

/** Mints tokens with the key that the service verifies with. */
export class Minter implements TokenSource {
  readonly issuer: string;
  readonly audience: string;
  readonly key: string;

  /** @param key `WATCHWORD_KEY`, 43 characters. */
  constructor(issuer: string, audience: string, key: string) {
    this.issuer = issuer;
    this.audience = audience;
    this.key = key;
  }

  get variables(): Readonly<Record<string, string>> {
    return { issuer: this.issuer, audience: this.audience, kid: keyIdOf(this.key) };
  }

  person(_role: string, shape: UserShape): Person {
    const nonce = randomBytes(16).toString("hex");
    const id = shape.id ?? `user_${nonce.slice(0, 12)}`;
    const email = shape.claims?.["email"];
    const person = {
      id,
      email: typeof email === "string" ? email : `${nonce}@example.test`,
      name: `Name ${nonce}`,
      nonce,
      token: "",
    };
    return { ...person, token: this.token(person, shape.claims ? { claims: shape.claims } : {}) };
  }

  token(person: Person, shape: TokenShape): string {
    const now = Math.floor(Date.now() / 1000);
    const claims: Record<string, Json> = {
      iss: this.issuer,
      aud: this.audience,
      sub: person.id,
      email: person.email,
      name: person.name,
      iat: now,
      exp: now + 900,
      jti: randomUUID(),
      sid: randomUUID(),
    };
    for (const [name, value] of Object.entries(shape.claims ?? {})) claims[name] = timed(value);
    for (const name of shape.without ?? []) delete claims[name];
    const header: Record<string, Json> = { alg: "HS256", kid: keyIdOf(this.key), typ: "at+jwt" };
    for (const [name, value] of Object.entries(shape.header ?? {})) header[name] = value;
    for (const name of Object.keys(header)) if (header[name] === null) delete header[name];
    const input = `${segment(header)}.${segment(claims)}`;
    return `${input}.${createHmac("sha256", shape.key ?? this.key)
      .update(input)
      .digest("base64url")}`;
  }
}

/** Serves people whose tokens somebody else has made. What needs another token cannot be proved then, and fails. */
export class GivenTokens implements TokenSource {
  readonly variables = {};
  readonly #people: Readonly<Record<string, { readonly id: string; readonly token: string }>>;

  constructor(people: Readonly<Record<string, { readonly id: string; readonly token: string }>>) {
    this.#people = people;
  }

  person(role: string, shape: UserShape): Person {
    const given = this.#people[role];
    if (given === undefined || shape.id !== undefined || shape.claims !== undefined)
      throw new Error(`There is no token of such a user (${role}): a key to mint one is needed.`);
    const nonce = randomBytes(16).toString("hex");
    return { ...given, nonce, email: `${nonce}@example.test`, name: `Name ${nonce}` };
  }

  token(): string {
    throw new Error("A token of this kind cannot be had: a key to mint it is needed.");
  }
}
