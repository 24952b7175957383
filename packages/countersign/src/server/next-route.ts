import type { NextRequest } from "next/server.js";
import type { Identity } from "../core/identity.ts";

/** What Next.js hands to a route handler: the parameters of the path, percent-decoded once. */
export type RouteContext<P = PathParameters> = { readonly params: Promise<P> };
export type PathParameters = Readonly<Record<string, string | string[] | undefined>>;
/** The same with the caller: `null` for an anonymous request. */
export type AuthContext<P = PathParameters, I = Identity> = RouteContext<P> & { readonly identity: I };
/** Answers a request; a `CountersignError` that it throws is answered with its problem document. */
export type Handler<X> = (request: NextRequest, context: X) => Response | Promise<Response>;
/** What a `route.ts` exports as `GET`, `POST`, … */
export type Route<X = RouteContext> = (request: NextRequest, context: X) => Promise<Response>;
