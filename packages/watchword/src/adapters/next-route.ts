import type { NextRequest } from "next/server.js";
import { WatchwordError } from "../errors.ts";
import type { Identity } from "../token/identity.ts";
import { toProblemResponse } from "./fetch-answer.ts";

/** What Next.js hands to a route handler: the parameters of the path, percent-decoded once. */
export type RouteContext<P = PathParameters> = { readonly params: Promise<P> };
export type PathParameters = Readonly<Record<string, string | string[] | undefined>>;
/** The same with the caller: `null` for an anonymous request. */
export type AuthContext<P = PathParameters, I = Identity> = RouteContext<P> & { readonly identity: I };
/** Answers a request; a `WatchwordError` that it throws is answered with its problem document. */
export type Handler<X> = (request: NextRequest, context: X) => Response | Promise<Response>;
/** What a `route.ts` exports as `GET`, `POST`, … */
export type Route<X = RouteContext> = (request: NextRequest, context: X) => Promise<Response>;

/** A handler whose refusals are answers: a `WatchwordError` becomes its problem document. */
export function answering<X>(handler: Handler<X>): Route<X> {
  return async (request, context) => {
    try {
      return await handler(request, context);
    } catch (error) {
      if (error instanceof WatchwordError) return toProblemResponse(error);
      throw error;
    }
  };
}

/** Next.js shows the first of several headers; several credentials joined in one by a comma are seen. */
export function authorizationOf(request: NextRequest): string[] {
  const value = request.headers.get("authorization");
  return value === null ? [] : [value];
}
