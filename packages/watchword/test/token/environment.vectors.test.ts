import { expect, test } from "vitest";
import { ConfigurationError } from "../../src/errors.ts";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import { verifierOptionsFromEnvironment } from "../../src/token/environment.ts";
import { contractFile } from "../contract-files.ts";

interface EnvironmentCase {
  name: string;
  settings: Record<string, string>;
  options?: Record<string, unknown>;
  refused?: string;
}

const { cases } = contractFile<{ cases: EnvironmentCase[] }>("vectors/environment.json");

test("the vectors are there", () => {
  expect(cases).toHaveLength(60);
});

test.each(cases)("$name", ({ settings, options, refused }) => {
  if (refused === undefined) {
    const read = verifierOptionsFromEnvironment(settings);
    const { jwks_url: jwksUrl, allow_http: allowHttp, ...others } = options ?? {};
    expect(read).toEqual({ ...others, ...(jwksUrl ? { jwksUrl } : {}), ...(allowHttp ? { allowHttp } : {}) });
    expect(createVerifier(read)).toBeDefined();
    return;
  }
  let message = "";
  try {
    verifierOptionsFromEnvironment(settings);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    message = String((error as Error).message);
  }
  expect(message.slice(0, refused.length)).toBe(refused);
  for (const value of Object.values(settings)) {
    if (value.length > 4) expect(message).not.toContain(value);
  }
});
