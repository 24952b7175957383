import { type Browser, type BrowserContextOptions, chromium } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, inject } from "vitest";
import type { Addresses } from "./addresses.ts";
import {
  type ApiMode,
  anyPair,
  type BrowserPair,
  chosenPairs,
  pairName,
  wholePairs,
} from "./browser-pairs.ts";
import { Person } from "./person.ts";

/** What the facts of one suite work with. */
export interface Stage extends BrowserPair {
  readonly addresses: Addresses;
  /** Opens a browser context of its own; closed after the fact. */
  person(name: string, options?: BrowserContextOptions): Promise<Person>;
}

/** Where facts hold. */
interface Where {
  /** On the pairs of this mode alone. Default: of both. */
  readonly mode?: ApiMode;
  /** On the pairs that run no more than the smoke, too. */
  readonly smoke?: boolean;
  /** On one pair alone: what is behind the web application makes no difference to them. */
  readonly once?: boolean;
}

/** The browser that all files of the suite share. To close it closes what this file has opened. */
export async function sharedBrowser(): Promise<Browser> {
  return await chromium.connect(inject("browser"));
}

/** Runs the same facts in a browser against the application with each chosen pair of backend and mode. */
export function describeApplications(
  subject: string,
  { mode, smoke = false, once = false }: Where,
  facts: (stage: Stage) => void,
): void {
  const applications = inject("applications");
  for (const pair of once ? anyPair() : smoke ? chosenPairs() : wholePairs()) {
    const addresses = applications[pairName(pair)];
    if (addresses === undefined) throw new Error(`No application was started for ${pairName(pair)}.`);
    if (mode !== undefined && pair.mode !== mode) continue;
    describe(`${pairName(pair)}: ${subject}`, () => {
      let browser: Browser | undefined;
      const people: Person[] = [];
      beforeAll(async () => {
        browser = await sharedBrowser();
      });
      afterEach(async () => {
        await Promise.all(people.splice(0).map((person) => person.leave()));
      });
      afterAll(async () => {
        await browser?.close();
      });
      facts({
        ...pair,
        addresses,
        async person(name, options) {
          if (browser === undefined) throw new Error("The browser is opened before the first fact.");
          const person = await Person.arrive(browser, addresses, name, options);
          people.push(person);
          return person;
        },
      });
    });
  }
}
