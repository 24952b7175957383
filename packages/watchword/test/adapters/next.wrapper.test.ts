import { NextRequest } from "next/server.js";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  type AuthContext,
  authenticate,
  optionalUser,
  type Route,
  requireRole,
  requireScope,
  requireSelf,
} from "../../src/adapters/next.ts";
import { ConfigurationError, WatchwordError } from "../../src/errors.ts";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import type { Identity } from "../../src/token/identity.ts";
import { tokenFor, verifier, verifierOptions } from "./adapter-suite.ts";

type Parameters = { user_id: string };

function request(...authorization: string[]): NextRequest {
  const headers = new Headers(authorization.map((value): [string, string] => ["Authorization", value]));
  return new NextRequest("http://localhost/api/user_a/tasks", { headers });
}

const context = { params: Promise.resolve({ user_id: "user_a" }) };
const signedIn = (claims: object = {}) => request(`Bearer ${tokenFor({ claims: { ...claims } })}`);
const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;

describe("the wrappers", () => {
  test("hand the caller and the typed parameters to the handler", async () => {
    const GET = authenticate(
      verifier,
      requireSelf("user_id", async (_request, { identity, params }: AuthContext<Parameters>) => {
        expectTypeOf(identity).toEqualTypeOf<Identity>();
        expectTypeOf(params).toEqualTypeOf<Promise<Parameters>>();
        return Response.json([identity.userId, (await params).user_id]);
      }),
    );
    expectTypeOf(GET).toEqualTypeOf<Route<{ readonly params: Promise<Parameters> }>>();
    expect(await (await GET(signedIn(), context)).json()).toEqual(["user_a", "user_a"]);
    expect(await codeOf(await GET(signedIn({ sub: "user_b" }), context))).toBe("wrong_subject");
  });

  test("need no types where the handler names none", async () => {
    const GET = authenticate(
      verifier,
      requireScope("tasks:read", (_request, { identity }) => Response.json(identity.userId)),
    );
    expect(await (await GET(signedIn({ scope: "tasks:read" }), context)).json()).toBe("user_a");
    expect(await codeOf(await GET(signedIn(), context))).toBe("insufficient_scope");
  });

  test("hand on the claims of the verifier's schema", async () => {
    const plan = createVerifier({ ...verifierOptions, claims: z.object({ plan: z.string() }) });
    const GET = authenticate(plan, (_request, { identity }) => {
      expectTypeOf(identity).toEqualTypeOf<Identity<{ plan: string }>>();
      return Response.json(identity.claims.plan);
    });
    expect(await (await GET(signedIn({ plan: "gold" }), context)).json()).toBe("gold");
  });

  test("optionalUser gives the user, or null without any header", async () => {
    const GET = optionalUser(verifier, (_request, { identity }) => {
      expectTypeOf(identity).toEqualTypeOf<Identity | null>();
      return Response.json(identity?.userId ?? null);
    });
    expect(await (await GET(request(), context)).json()).toBeNull();
    expect(await (await GET(signedIn(), context)).json()).toBe("user_a");
  });

  test("an anonymous request passes no other guard", async () => {
    const GET = optionalUser(
      verifier,
      requireRole("admin", (_request, _context: AuthContext<unknown, Identity | null>) => new Response("in")),
    );
    expect(await codeOf(await GET(request(), context))).toBe("missing");
  });

  test("two headers that Fetch has joined are ambiguous_credentials", async () => {
    const GET = authenticate(verifier, () => new Response("in"));
    const answer = await GET(request(`Bearer ${tokenFor()}`, "Bearer x.y.z"), context);
    expect([answer.status, await codeOf(answer)]).toEqual([400, "ambiguous_credentials"]);
  });

  test("a list of parameters is nobody's id", async () => {
    const GET = authenticate(
      verifier,
      requireSelf("user_id", () => new Response("in")),
    );
    const caughtAll = { params: Promise.resolve({ user_id: ["user_a"] }) };
    expect(await codeOf(await GET(signedIn(), caughtAll))).toBe("wrong_subject");
    await expect(GET(signedIn(), { params: Promise.resolve({}) })).rejects.toThrow(
      "no parameter named user_id",
    );
  });

  test("a refusal that the handler throws is answered, another fault passes", async () => {
    const refuses = authenticate(verifier, () => {
      throw new WatchwordError("not_found");
    });
    expect(await codeOf(await refuses(signedIn(), context))).toBe("not_found");
    const fails = authenticate(verifier, () => {
      throw new RangeError("broken");
    });
    await expect(fails(signedIn(), context)).rejects.toThrow(RangeError);
  });

  test("an answer keeps its own caching, and one that cannot be changed is not stored either", async () => {
    const own = authenticate(
      verifierOptions,
      () => new Response("in", { headers: { "Cache-Control": "private" } }),
    );
    expect((await own(signedIn(), context)).headers.get("cache-control")).toBe("private");
    const redirected = await authenticate(verifier, () => Response.redirect("http://localhost/"))(
      signedIn(),
      context,
    );
    expect([redirected.status, redirected.headers.get("cache-control")]).toEqual([302, "no-store"]);
    expect(redirected.headers.get("location")).toBe("http://localhost/");
  });

  test("a guard without a name stops the start", () => {
    expect(() => requireScope([], () => new Response())).toThrow(ConfigurationError);
    expect(() => requireRole("", () => new Response())).toThrow(ConfigurationError);
  });
});
