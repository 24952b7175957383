import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, inject } from "vitest";
import { type BackendName, backendNames } from "./backend.ts";
import { openBrowser } from "./browser.ts";
import type { Addresses } from "./browser-setup.ts";
import { Person } from "./person.ts";

/** What the facts of one suite work with. */
export interface Stage {
  readonly addresses: Addresses;
  readonly api: BackendName;
  /** Opens a browser context of its own; closed after the fact. */
  person(name: string, options?: BrowserContextOptions): Promise<Person>;
}

/** Runs the same facts in a browser against the application with each chosen backend. */
export function describeApplications(subject: string, facts: (stage: Stage) => void): void {
  const applications = inject("applications");
  for (const api of backendNames) {
    const addresses = applications[api];
    if (addresses === undefined) continue;
    describe(`${api}: ${subject}`, () => {
      let browser: Browser | undefined;
      const people: Person[] = [];
      beforeAll(async () => {
        browser = await openBrowser();
      });
      afterEach(async () => {
        for (const person of people.splice(0)) await person.leave();
      });
      afterAll(async () => {
        await browser?.close();
      });
      facts({
        addresses,
        api,
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
