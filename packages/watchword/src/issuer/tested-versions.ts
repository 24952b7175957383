import type { AuthContext } from "better-auth";

/** `contract/better-auth.json`: the oldest and the newest version of Better Auth that this plugin is tested with. */
const tested = { oldest: "1.6.34", newest: "1.7.25" } as const;

/** Warns of a version of Better Auth that this plugin has not been tested with. */
export function adviseOnVersion({ version, logger }: Pick<AuthContext, "version" | "logger">): void {
  if (compare(version, tested.oldest) >= 0 && compare(version, tested.newest) <= 0) return;
  logger.warn(
    `[watchword] Better Auth ${version} was not tested with this plugin, which knows ${tested.oldest} to ${tested.newest}. Run your tests, or install a version in between.`,
  );
}

function compare(one: string, other: string): number {
  const [a, b] = [numbersOf(one), numbersOf(other)];
  if (a.some(Number.isNaN)) return 1;
  const index = a.findIndex((number, place) => number !== b[place]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

/** Of `1.8.0-beta.2` the first three numbers. */
function numbersOf(version: string): readonly number[] {
  return version.split(/[.+-]/, 3).map(Number);
}
