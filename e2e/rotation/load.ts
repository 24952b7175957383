import type { Issuer } from "../support/issuer.ts";
import type { RunningClock } from "../support/scaled-clock.ts";
import { SignedIn } from "../support/signed-in.ts";
import type { RunningVerifier } from "./verifier.ts";

/** A token that the issuer gave, with what its header and claims say. */
export interface GivenToken {
  readonly text: string;
  readonly keyId: string;
  readonly algorithm: string;
  /** Seconds since 1970 on the clock of the load. */
  readonly expiresAt: number;
}

/** What a load found. */
export interface LoadReport {
  readonly seconds: number;
  readonly requests: number;
  /** Requests with a token that had to pass. */
  readonly good: number;
  /** Requests with a token that had to be refused. */
  readonly old: number;
  readonly tokens: number;
  /** `kid` of the keys that signed, in the order of their first token. */
  readonly keys: readonly string[];
  /** Words by how often they were said. */
  readonly words: Readonly<Record<string, number>>;
  /** Every wrong answer: good tokens that were refused, old ones that were accepted. */
  readonly wrong: readonly string[];
}

export interface LoadOptions {
  readonly issuer: () => Issuer;
  readonly verifiers: readonly RunningVerifier[];
  readonly clock: RunningClock;
  /** How many send at a time. */
  readonly senders?: number;
}

/** Around the end of a token either answer is right for so many seconds of the clock, or milliseconds of real time. */
const toleranceSeconds = 5;
const marginMilliseconds = 300;

/**
 * Users who keep calling an API while its keys change. Each renews its token now and then, and keeps the old ones to try
 * them again: a token must pass until it expires, and never again once its time is over or its key was taken out of use.
 */
export class Load {
  readonly #options: LoadOptions;
  readonly #good: GivenToken[] = [];
  readonly #old: GivenToken[] = [];
  /** Asked, and not judged: either answer is right for now. */
  readonly #doubted: GivenToken[] = [];
  #doubting = false;
  readonly #keys: string[] = [];
  readonly #words: Record<string, number> = {};
  readonly #wrong: string[] = [];
  readonly #begun = performance.now();
  #requests = { good: 0, old: 0 };
  #tokens = 0;
  #stopping = false;
  #working: Promise<unknown> = Promise.resolve();

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  start(): void {
    const senders = Array.from({ length: this.#options.senders ?? 4 }, () => this.#send());
    this.#working = Promise.all([this.#renew(), ...senders]);
    this.#working.catch(() => {});
  }

  /** `kid` of the keys that have signed so far. */
  get keys(): readonly string[] {
    return [...this.#keys];
  }

  /** Waits until a key signs that has not signed before. */
  async untilNewKey(): Promise<void> {
    const known = this.keys;
    await this.until(({ keyId }) => !known.includes(keyId));
  }

  /** Waits until a token of this kind has been given. */
  async until(what: (token: GivenToken) => boolean): Promise<void> {
    await this.#poll(() => this.#good.some(what));
  }

  /** Waits until no token of this kind can pass any more, since all have expired. */
  async untilExpired(what: (token: GivenToken) => boolean): Promise<void> {
    await this.#poll(() => !this.#good.some(what));
  }

  /** From now on any token may pass or not, until {@link endDoubt}. */
  doubtAll(): void {
    this.#doubting = true;
    this.#doubted.push(...this.#good.splice(0));
  }

  /** From now on tokens of this kind pass, and no other that was given so far. */
  endDoubt(passes: (token: GivenToken) => boolean): void {
    this.#doubting = false;
    for (const token of this.#doubted.splice(0)) {
      if (passes(token)) this.#good.push(token);
      else this.#retire(token);
    }
  }

  /** Tokens that were made by nobody who may, and must not pass. */
  addOld(text: string): void {
    this.#old.push(this.#read(text));
  }

  /** Waits until the load has gone on for so many seconds altogether. */
  async fill(seconds: number): Promise<void> {
    await this.#poll(() => performance.now() - this.#begun >= seconds * 1000);
  }

  async hold(seconds: number): Promise<void> {
    const until = performance.now() + seconds * 1000;
    await this.#poll(() => performance.now() >= until);
  }

  async stop(): Promise<LoadReport> {
    this.#stopping = true;
    await this.#working;
    const { good, old } = this.#requests;
    return {
      seconds: Math.round((performance.now() - this.#begun) / 100) / 10,
      requests: good + old,
      good,
      old,
      tokens: this.#tokens,
      keys: this.keys,
      words: this.#words,
      wrong: this.#wrong,
    };
  }

  async #poll(done: () => boolean): Promise<void> {
    while (!done()) {
      if (this.#stopping) throw new Error("The load has ended.");
      await Promise.race([
        new Promise((resolve) => setTimeout(resolve, 20)),
        // A load that broke fails who waits for it.
        this.#working.then(() => {}),
      ]);
    }
  }

  /** Gets tokens, a few each second. Who lost the session by a change of the secret signs in again. */
  async #renew(): Promise<void> {
    const people = await this.#people();
    for (let turn = 0; !this.#stopping; turn += 1) {
      const index = turn % people.length;
      const text = await this.#tokenOf(people[index]);
      if (text === undefined) people[index] = await this.#newcomer(people[index]);
      else this.#add(text);
      this.#expire();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async #people(): Promise<(SignedIn | undefined)[]> {
    return await Promise.all([0, 1, 2].map(() => SignedIn.signUp(this.#options.issuer())));
  }

  async #tokenOf(person: SignedIn | undefined): Promise<string | undefined> {
    try {
      return await person?.at(this.#options.issuer()).token();
    } catch {
      // The issuer restarts, or does not know the session any more.
      return undefined;
    }
  }

  async #newcomer(person: SignedIn | undefined): Promise<SignedIn | undefined> {
    try {
      const issuer = this.#options.issuer();
      return person === undefined ? await SignedIn.signUp(issuer) : await person.at(issuer).again();
    } catch {
      return person;
    }
  }

  #add(text: string): void {
    const token = this.#read(text);
    (this.#doubting ? this.#doubted : this.#good).push(token);
    this.#tokens += 1;
    if (!this.#keys.includes(token.keyId)) this.#keys.push(token.keyId);
  }

  #read(text: string): GivenToken {
    const [header = "", payload = ""] = text.split(".");
    const { kid = "", alg = "" } = decoded(header) as { kid?: string; alg?: string };
    const { exp = 0 } = decoded(payload) as { exp?: number };
    return { text, keyId: kid, algorithm: alg, expiresAt: exp };
  }

  #expire(): void {
    const now = this.#options.clock.now();
    for (const token of this.#good.filter(({ expiresAt }) => expiresAt + toleranceSeconds <= now)) {
      this.#retire(token);
    }
  }

  #retire(token: GivenToken): void {
    const index = this.#good.indexOf(token);
    if (index >= 0) this.#good.splice(index, 1);
    this.#old.push(token);
    if (this.#old.length > 200) this.#old.splice(Math.floor(Math.random() * 100), 1);
  }

  async #send(): Promise<void> {
    while (!this.#stopping) {
      const old = this.#old.length > 0 && Math.random() < 0.3;
      const list = old ? this.#old : this.#doubting ? this.#doubted : this.#good;
      // The newest often: a key that signs for the first time is met at once.
      const token = Math.random() < 0.4 ? list.at(-1) : list[Math.floor(Math.random() * list.length)];
      const serving = this.#options.verifiers.filter(({ inService }) => inService);
      const verifier = serving[Math.floor(Math.random() * serving.length)];
      if (token !== undefined && verifier !== undefined) await this.#ask(verifier, token, old);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async #ask(verifier: RunningVerifier, token: GivenToken, old: boolean): Promise<void> {
    const doubted = this.#doubted.includes(token);
    const word = await verifier.word(token.text);
    this.#words[word] = (this.#words[word] ?? 0) + 1;
    if (doubted) return;
    if (old) {
      this.#requests.old += 1;
      if (word === "accepted") this.#wrong.push(this.#said(verifier, token, word));
      return;
    }
    this.#requests.good += 1;
    if (word === "accepted" || !this.#good.includes(token)) return;
    // What ends while it is asked may be answered either way.
    const { clock } = this.#options;
    await new Promise((resolve) => setTimeout(resolve, marginMilliseconds));
    if (clock.now() < token.expiresAt) this.#wrong.push(this.#said(verifier, token, word));
  }

  #said({ language }: RunningVerifier, { keyId, algorithm }: GivenToken, word: string): string {
    const at = Math.round((performance.now() - this.#begun) / 100) / 10;
    return `${at} s: ${language} says ${word} to a token of ${algorithm} ${keyId}`;
  }
}

function decoded(segment: string): object {
  return JSON.parse(Buffer.from(segment, "base64url").toString("utf8")) as object;
}
