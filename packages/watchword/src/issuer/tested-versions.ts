import type { AuthContext } from "better-auth";

/** `contract/better-auth.json`: the oldest and the newest version of Better Auth that this plugin is tested with. */
const tested = { oldest: "1.6.34", newest: "1.7.25" } as const;

/** Warns of a version of Better Auth that this plugin has not been tested with. */
export function adviseOnVersion({ version, logger }: Pick<AuthContext, "version" | "logger">): void {
  if (!isBefore(version, tested.oldest) && !isBefore(tested.newest, version)) return;
  logger.warn(
    `[watchword] Better Auth ${version} was not tested with this plugin, which knows ${tested.oldest} to ${tested.newest}. Run your tests, or install a version in between.`,
  );
}

/** A version that cannot be read comes after every other. */
export function isBefore(one: string, other: string): boolean {
  const [a, b] = [numbersOf(one), numbersOf(other)];
  if (b.some(Number.isNaN)) return !a.some(Number.isNaN);
  const place = a.findIndex((number, index) => number !== b[index]);
  return place >= 0 && (a[place] ?? 0) < (b[place] ?? 0);
}

/** Of `1.8.0-beta.2` the first three numbers. */
function numbersOf(version: string): readonly number[] {
  return version.split(/[.+-]/, 3).map(Number);
}
