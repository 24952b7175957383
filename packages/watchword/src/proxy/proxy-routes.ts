import { ConfigurationError } from "../errors.ts";
import { isUserId } from "../token/claims.ts";
import { ProxyRefusal } from "./proxy-refusal.ts";

/** An address of the API that the proxy passes requests to. */
export interface ProxyRoute {
  /**
   * Its path behind the upstream's own: names, `{user_id}` for the signed-in user's id and no other, `*` for one segment of any
   * text, and `**` at the end for whatever follows, such as `/api/{user_id}/tasks/**`.
   */
  readonly path: string;
  /** Methods that are passed on. Default: every one of the proxy's. */
  readonly methods?: readonly string[] | undefined;
  /** Whether somebody who is not signed in may ask too; such a request carries no token. Default false. */
  readonly anonymous?: boolean | undefined;
}

/** A route once checked. */
export interface RoutePattern {
  readonly path: string;
  readonly segments: readonly string[];
  readonly methods: readonly string[];
  readonly anonymous: boolean;
}

const name = /^(?!\.{1,2}$)[A-Za-z0-9._~-]+$/;
const self = "{user_id}";

/**
 * @param methods those of the proxy
 * @throws ConfigurationError for a path that says nothing, or something that cannot be meant
 */
export function routePattern(given: string | ProxyRoute, methods: readonly string[]): RoutePattern {
  const route = typeof given === "string" ? { path: given } : given;
  const { path, anonymous = false } = route;
  const [first, ...segments] = path.split("/");
  const known = (one: string, index: number) =>
    name.test(one) || one === self || one === "*" || (one === "**" && index === segments.length - 1);
  if (first !== "" || segments.length === 0 || !segments.every(known) || segments[0] === "**") {
    throw new ConfigurationError(
      `The proxy's route ${path} is not understood. Write it as /api/{user_id}/tasks/**, beginning with a name.`,
    );
  }
  if (anonymous && segments.includes(self)) {
    throw new ConfigurationError(
      `The proxy's route ${path} names a user and cannot be anonymous at the same time.`,
    );
  }
  const unknown = (route.methods ?? []).find((method) => !methods.includes(method));
  if (unknown !== undefined || route.methods?.length === 0) {
    throw new ConfigurationError(
      `The proxy's route ${path} lists ${unknown ?? "no method"}; use some of ${methods.join(", ")}.`,
    );
  }
  return { path, segments, methods: route.methods ?? methods, anonymous };
}

/**
 * The segments behind the proxy's own path. The router's parameter and the address must say the same: where they differ, a
 * rewrite or a smuggled parameter stands between what is checked and what was asked for.
 *
 * @param pathname of the request, as percent-encoded as it came
 * @param parameter what the router made of it, decoded once
 * @throws ProxyRefusal `not_found` for anything but a plain list of segments: empty ones, `.` and `..`, separators, escapes of an
 *   escape, control characters
 */
export function pathSegments(pathname: string, parameter: unknown): readonly string[] {
  if (!Array.isArray(parameter) || parameter.length === 0) throw new ProxyRefusal("not_found");
  const asked = pathname.split("/").slice(-parameter.length);
  const segments: string[] = asked.map(decoded);
  if (!segments.every((one, index) => isUserId(one) && one === parameter[index])) {
    throw new ProxyRefusal("not_found");
  }
  return segments;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return "";
  }
}

/** What the list of routes says about an address. */
export interface RouteChoice {
  /** The first route that fits, if any does. */
  readonly route: RoutePattern | undefined;
  /** Routes would fit, were it not another user's address. */
  readonly foreign: boolean;
  /** What routes that fit take, when none of them takes the method. */
  readonly allow: readonly string[];
}

/** @param userId of who is signed in; `undefined` for nobody */
export function chooseRoute(
  routes: readonly RoutePattern[],
  segments: readonly string[],
  method: string,
  userId: string | undefined,
): RouteChoice {
  const alike = routes.filter((route) => fits(route, segments));
  const own = alike.filter((route) => namesOnly(route, segments, userId));
  return {
    route: own.find((route) => route.methods.includes(method)),
    foreign: own.length === 0 && alike.length > 0,
    allow: [...new Set(own.flatMap((route) => route.methods))],
  };
}

function fits({ segments: pattern }: RoutePattern, segments: readonly string[]): boolean {
  const open = pattern.at(-1) === "**";
  const fixed = open ? pattern.slice(0, -1) : pattern;
  if (open ? segments.length < fixed.length : segments.length !== fixed.length) return false;
  return fixed.every((one, index) => one === "*" || one === self || one === segments[index]);
}

function namesOnly({ segments: pattern }: RoutePattern, segments: readonly string[], userId?: string) {
  return pattern.every((one, index) => one !== self || segments[index] === userId);
}
