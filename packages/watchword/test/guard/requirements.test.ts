import { describe, expect, test } from "vitest";
import { ConfigurationError, WatchwordError } from "../../src/errors.ts";
import { requireRole, requireScope } from "../../src/guard/authenticate.ts";
import { challenge } from "../../src/guard/challenge.ts";

const caller = { scopes: ["tasks:read", "tasks:write"], roles: ["user", "editor"] };

function refusalOf(check: () => void): WatchwordError {
  try {
    check();
  } catch (error) {
    if (error instanceof WatchwordError) return error;
    throw error;
  }
  return expect.unreachable();
}

describe("requireScope", () => {
  test("needs every scope", () => {
    requireScope(caller, "tasks:read");
    requireScope(caller, "tasks:write", "tasks:read");
    expect(refusalOf(() => requireScope(caller, "tasks:read", "admin")).code).toBe("insufficient_scope");
  });

  test("names the needed scopes in the challenge, and nothing that could end the header's text", () => {
    const refusal = refusalOf(() => requireScope(caller, "tasks:delete", 'a"\\\r\nb ü', "é"));
    expect(challenge(refusal)).toBe(
      `Bearer error="insufficient_scope", error_description="${refusal.message}", scope="tasks:delete ab"`,
    );
  });

  test("of nobody is missing, and without a scope a configuration fault", () => {
    expect(refusalOf(() => requireScope(null, "a")).code).toBe("missing");
    expect(() => requireScope(caller)).toThrow(ConfigurationError);
    expect(() => requireScope(caller, "")).toThrow(ConfigurationError);
    expect(() => requireScope(caller, 1 as never)).toThrow(ConfigurationError);
  });
});

describe("requireRole", () => {
  test("needs one of the roles", () => {
    requireRole(caller, "admin", "editor");
    const refusal = refusalOf(() => requireRole(caller, "admin"));
    expect(refusal).toMatchObject({ code: "insufficient_scope", status: 403 });
    expect(challenge(refusal)).not.toContain("scope=");
  });

  test("of nobody is missing, and without a role a configuration fault", () => {
    expect(refusalOf(() => requireRole(undefined, "a")).code).toBe("missing");
    expect(() => requireRole(caller)).toThrow(ConfigurationError);
  });
});
