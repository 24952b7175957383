import { type BackendName, backendNames, chosenBackends } from "./backend.ts";

/** How pages reach the API: themselves, with a bearer token, or by way of the web application, which adds it. */
export const apiModes = ["direct", "proxy"] as const;
export type ApiMode = (typeof apiModes)[number];

/** A backend and the way in which pages reach it. */
export interface BrowserPair {
  readonly api: BackendName;
  readonly mode: ApiMode;
}

/** A pair, and how much of the suite holds for it in this run: all of it, or the facts that are marked as smoke. */
export interface ChosenPair extends BrowserPair {
  readonly extent: "whole" | "smoke";
}

/** As `WATCHWORD_PAIRS` names it. */
export const pairName = ({ api, mode }: BrowserPair) => `${api}+${mode}`;

const pairs = backendNames.flatMap((api) => apiModes.map((mode) => ({ api, mode })));

/** Together they hold each backend and each mode. */
const usual = ["hono+direct", "fastapi+proxy"];

/**
 * The pairs that this run covers. `WATCHWORD_PAIRS`, separated by commas, has the whole suite run on each that it names.
 * When absent, two pairs run it whole and the others its smoke, as far as `WATCHWORD_BACKENDS` chooses their backends.
 */
export function chosenPairs(): readonly ChosenPair[] {
  const given = process.env["WATCHWORD_PAIRS"];
  if (given === undefined) {
    const backends = chosenBackends();
    return pairs
      .filter(({ api }) => backends.includes(api))
      .map((pair) => ({ ...pair, extent: usual.includes(pairName(pair)) ? "whole" : "smoke" }));
  }
  const names = given.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !pairs.some((pair) => pairName(pair) === name));
  if (unknown !== undefined)
    throw new Error(
      `WATCHWORD_PAIRS names ${JSON.stringify(unknown)}; it may hold: ${pairs.map(pairName).join(",")}.`,
    );
  return pairs.filter((pair) => names.includes(pairName(pair))).map((pair) => ({ ...pair, extent: "whole" }));
}

/** The pairs on which the whole suite runs. */
export const wholePairs = () => chosenPairs().filter(({ extent }) => extent === "whole");

/** The pair for facts of the web application that hold whatever is behind it. `npm run test:matrix` tries each pair by itself. */
export const anyPair = () => wholePairs().slice(0, 1);
