import { describe, expect, it } from "vitest";
import { callSteps } from "../components/under-the-hood/road-steps.ts";
import type { RoadEvent } from "../lib/road-log.ts";
import { event } from "./road-events.ts";

const ids = (one: RoadEvent) => callSteps(one).map(({ id }) => id);

describe("the road of a request", () => {
  it("is only begun while no answer is there", () => {
    expect(ids(event(undefined))).toEqual(["sent"]);
  });

  it("goes to the database and back when everything is right", () => {
    expect(ids(event({}))).toEqual(["sent", "who", "address", "asked", "rows", "answered"]);
  });

  it.each([
    [401, "bad_signature", ["sent", "refused", "answered"]],
    [400, "ambiguous_credentials", ["sent", "refused", "answered"]],
    [429, "rate_limited", ["sent", "refused", "answered"]],
    [403, "wrong_subject", ["sent", "who", "refused", "answered"]],
    [422, "validation_failed", ["sent", "who", "address", "refused", "answered"]],
    [404, "not_found", ["sent", "who", "address", "asked", "rows", "answered"]],
    [412, "precondition_failed", ["sent", "who", "address", "asked", "rows", "answered"]],
  ])("%i %s ends where it was decided", (status, code, steps) => {
    expect(ids(event({ status, code }))).toEqual(steps);
    expect(callSteps(event({ status, code })).at(-1)).toMatchObject({
      from: "api",
      to: "browser",
      tone: "bad",
    });
  });

  it("goes by way of the web application where that adds the token", () => {
    const proxied = callSteps(event({}, { credential: "session" }));
    expect(proxied.map(({ id }) => id)).toEqual([
      "sent",
      "added",
      "handed-on",
      "who",
      "address",
      "asked",
      "rows",
      "answered",
    ]);
    expect(proxied[0]).toMatchObject({ from: "browser", to: "web" });
    expect(proxied.at(-1)).toMatchObject({ from: "web", to: "browser" });
    const refusal = { status: 403, code: "wrong_subject", byProxy: true };
    expect(ids(event(refusal, { credential: "session" }))).toEqual(["sent", "refused", "answered"]);
  });

  it("goes through the web application to the one that refused", () => {
    const proxied = (status: number, code: string, byProxy: boolean) =>
      callSteps(event({ status, code, byProxy }, { credential: "session" })).at(-2);
    expect(proxied(403, "insufficient_role", false)).toMatchObject({ from: "api" });
    expect(proxied(503, "unavailable", true)).toMatchObject({
      from: "web",
      words: "The web app has no answer of the API to pass on. Refused: Service unavailable.",
    });
    expect(proxied(503, "unavailable", false)).toMatchObject({ from: "database" });
  });

  it("says what the web application refused before it asked the API", () => {
    const [, refused] = callSteps(
      event({ status: 401, code: "not_signed_in", byProxy: true }, { credential: "session" }),
    );
    expect(refused?.words).toBe("The web app does not ask the API. Refused: Not signed in.");
  });
});
