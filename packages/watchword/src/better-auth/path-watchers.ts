import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";

/**
 * Whether anything of the application may look at requests to the path, or at their answers: a hook of its own, or a
 * plugin's hook, middleware, `onRequest` or `onResponse`. In doubt, yes.
 */
export function isWatched({ hooks, plugins = [] }: BetterAuthOptions, path: string): boolean {
  if (hooks?.before || hooks?.after) return true;
  return plugins.some((plugin) => plugin.id !== "watchword" && watches(plugin, path));
}

function watches(
  { hooks, middlewares = [], onRequest, onResponse }: BetterAuthPlugin,
  path: string,
): boolean {
  if (onRequest || onResponse) return true;
  if (middlewares.some(({ path: pattern }) => path.startsWith(fixedStart(pattern)))) return true;
  return [...(hooks?.before ?? []), ...(hooks?.after ?? [])].some(({ matcher }) => mayMatch(matcher, path));
}

/** What every path that the pattern matches begins with. */
function fixedStart(pattern: string): string {
  return pattern.split(/[*:]/, 1)[0] ?? "";
}

/**
 * Asks a matcher about the path, and watches what it looks at: only one that looks at the path alone, and says no, will
 * say no to every request.
 */
function mayMatch(matcher: (context: never) => boolean, path: string): boolean {
  let looksElsewhere = false;
  const context = new Proxy(
    {},
    {
      get(_, member) {
        if (member === "path") return path;
        looksElsewhere = true;
        return undefined;
      },
      has() {
        looksElsewhere = true;
        return false;
      },
    },
  );
  try {
    return matcher(context as never) || looksElsewhere;
  } catch {
    return true;
  }
}
