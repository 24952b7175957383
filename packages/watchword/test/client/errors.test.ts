import { describe, expect, it } from "vitest";
import { NetworkError, ProblemError } from "../../src/client/index.ts";
import { apiOrigin, problem, scripted } from "./scripted-api.ts";

const url = `${apiOrigin}/tasks`;

function refusedWith(response: () => Response) {
  return scripted({ answer: response }).request(url, { auth: false });
}

describe("an error status becomes a typed error", () => {
  it.each([
    [401, "AuthenticationError", "expired", "Token has expired."],
    [403, "AuthorizationError", "wrong_subject", "Access denied. You can only access your own resources."],
    [404, "NotFoundError", "not_found", "Resource not found."],
    [412, "ProblemError", "precondition_failed", "The resource has changed since it was read."],
    [429, "ProblemError", "rate_limited", "Too many failed authentication attempts."],
    [503, "ProblemError", "unavailable", "The service is temporarily unavailable."],
  ])("%i: %s, with the problem document", async (status, name, code, detail) => {
    const failure = refusedWith(() => problem(status, code, detail));
    await expect(failure).rejects.toBeInstanceOf(ProblemError);
    await expect(failure).rejects.toMatchObject({
      name,
      status,
      problem: { type: `urn:watchword:error:${code}`, title: "Refused", status, detail, code },
    });
  });

  it("whose message is the detail, but for a 401 a sentence for whoever is in front of it", async () => {
    await expect(refusedWith(() => problem(404, "not_found", "Resource not found."))).rejects.toThrow(
      "Resource not found.",
    );
    await expect(
      refusedWith(() => problem(401, "missing", "Include: Authorization: Bearer")),
    ).rejects.toThrow("You are not signed in, or your session has ended. Sign in and try again.");
  });

  it("that lists the faults of a 422", async () => {
    const errors = [{ in: "body", pointer: "/title", code: "too_long" }];
    const failure = refusedWith(() => Response.json({ code: "validation_failed", errors }, { status: 422 }));
    await expect(failure).rejects.toMatchObject({ status: 422, problem: { errors } });
  });

  it("whose response can still be read", async () => {
    const error = await refusedWith(() => problem(409, "conflict", "No.")).catch(
      (caught: ProblemError) => caught,
    );
    expect(error).toBeInstanceOf(ProblemError);
    expect(await (error as ProblemError).response.json()).toMatchObject({ code: "conflict" });
  });

  it("that takes the status from HTTP, not from the document", async () => {
    const failure = refusedWith(() => Response.json({ status: 200, detail: "No." }, { status: 403 }));
    await expect(failure).rejects.toMatchObject({ status: 403, problem: { status: 403 } });
  });

  it("that reads Better Auth's form as well", async () => {
    const failure = refusedWith(() =>
      Response.json({ code: "UNTRUSTED_ORIGIN", message: "Not you." }, { status: 403 }),
    );
    await expect(failure).rejects.toMatchObject({
      message: "Not you.",
      problem: { code: "UNTRUSTED_ORIGIN" },
    });
  });

  it.each<[string, () => Response, string]>([
    [
      "a page of HTML",
      () => new Response("<h1>Bad Gateway</h1>", { status: 502 }),
      "The service could not answer (502). Try again shortly.",
    ],
    ["nothing", () => new Response(null, { status: 404 }), "This does not exist, or is no longer there."],
    ["a JSON list", () => Response.json([1], { status: 409 }), "The request was refused (409)."],
    [
      "JSON that is none",
      () => new Response("{", { status: 429 }),
      "Too many requests. Wait a moment and try again.",
    ],
    [
      "members of other types",
      () => Response.json({ detail: 7, code: {}, errors: "x" }, { status: 403 }),
      "You are not allowed to do this.",
    ],
  ])("also when the body is %s", async (_, response, message) => {
    const error = (await refusedWith(response).catch((caught: unknown) => caught)) as ProblemError;
    expect(error.message).toBe(message);
    expect(error.problem).toMatchObject({ type: "about:blank", status: error.status, detail: message });
    expect(error.problem).not.toHaveProperty("code");
    expect(error.problem).not.toHaveProperty("errors");
  });
});

describe("an answer below 400 is returned as it is", () => {
  it.each([200, 201, 204, 304])("%i", async (status) => {
    const response = new Response(null, { status });
    expect(await refusedWith(() => response)).toBe(response);
  });

  it("and so is an opaque one, which has no status to judge", async () => {
    expect(Response.error().status).toBe(0);
    await expect(refusedWith(() => Response.error())).resolves.toMatchObject({ status: 0 });
  });
});

describe("no answer", () => {
  it("becomes a NetworkError that names the API and keeps the reason", async () => {
    const cause = new TypeError("fetch failed");
    const failure = scripted({ answer: () => Promise.reject(cause) }).authFetch(url);
    await expect(failure).rejects.toBeInstanceOf(NetworkError);
    await expect(failure).rejects.toMatchObject({
      name: "NetworkError",
      message: "Could not reach https://api.test. Check the connection and try again.",
      cause,
    });
  });

  it.each<[string, RequestInit]>([
    ["a GET with a body", { body: "x" }],
    ["a GET with an empty body", { body: "" }],
    ["a forbidden method", { method: "CONNECT" }],
    ["a header that is none", { headers: { "a b": "c" } }],
  ])("is not what %s gives: that is a TypeError, and no token is asked for", async (_, init) => {
    const { authFetch, asked } = scripted();
    const failure = authFetch(url, init);
    await expect(failure).rejects.toBeInstanceOf(TypeError);
    expect(asked()).toBe(0);
  });

  it("holds no token in its message", async () => {
    const failure = scripted({
      grant: () => ({ token: "top-secret", expiresIn: 900 }),
      answer: () => Promise.reject(new TypeError("fetch failed")),
    }).authFetch(url);
    await expect(failure).rejects.not.toThrow(/top-secret/);
  });
});
