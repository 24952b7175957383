import { ConfigurationError, WatchwordError } from "watchword";
import { configOf, createVerifierOf } from "./configuration.mjs";
import { runHttp } from "./http-layer.mjs";
import { runSequence } from "./sequence-layer.mjs";
import { tokenOf } from "./token-builder.mjs";
import { CannotRun, codeOf, compare } from "./verdict.mjs";

const layers = { token: runToken, config: runConfig, http: runHttp, sequence: runSequence };

/** @returns `undefined` where the case passes, otherwise what was expected and what came. */
export async function runCase(one, common) {
  const expected = describe(one.expect);
  try {
    const run = Object.hasOwn(layers, one.layer) ? layers[one.layer] : undefined;
    if (run === undefined) throw new CannotRun(`layer ${one.layer} is not a verifier's`);
    return await run(one, common);
  } catch (error) {
    if (error instanceof CannotRun) return { expected, got: `not-run (${error.message})` };
    return { expected, got: `crash (${error?.name}: ${error?.message})` };
  }
}

async function runToken(one, common) {
  const got = await verdictOf(one, common);
  return compare({ ...one.expect, subject: one.expect.subject ?? one.expect_subject }, got);
}

/** The configuration is refused at construction, or the token, if there is one, is judged. */
async function runConfig(one, common) {
  const started = await startOf(one, common);
  const hasToken = one.build !== undefined || one.token !== undefined;
  if (started.code !== undefined || one.expect.when === "startup" || !hasToken) {
    return compare(one.expect, started);
  }
  return runToken(one, common);
}

async function startOf(one, common) {
  try {
    createVerifierOf(configOf(one.config, common), common);
    return {};
  } catch (error) {
    if (error instanceof ConfigurationError) return { code: error.code };
    throw error;
  }
}

async function verdictOf(one, common) {
  const token = tokenOf(one, common);
  try {
    const verifier = createVerifierOf(configOf(one.config, common), common);
    return { identity: await verifier.verify(token) };
  } catch (error) {
    if (error instanceof WatchwordError || error instanceof ConfigurationError)
      return { code: codeOf(error) };
    throw error;
  }
}

function describe(expect) {
  if (expect.result === "accept") return "accept";
  return expect.result === "steps" ? "steps" : [expect.reason, ...(expect.reason_also_ok ?? [])].join("|");
}
