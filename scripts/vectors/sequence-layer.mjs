import { ConfigurationError, WatchwordError } from "watchword";
import { fixedClock } from "watchword/testing";
import { configOf, createVerifierOf, revocationSource } from "./configuration.mjs";
import { keyServer } from "./key-server.mjs";
import { tokenOf } from "./token-builder.mjs";
import { CannotRun, codeOf, compare } from "./verdict.mjs";

const keySetUrl = "https://auth.example.test/api/auth/jwks";

/**
 * Steps in order, on one verifier per configuration, which live as long as the case. Where a step is about published
 * keys, they are fetched from a server of the case's own.
 */
export async function runSequence(one, common) {
  const base = configOf(one.config, common);
  const clock = fixedClock(base.now ?? common.now);
  const revoked = structuredClone(base.revocation ?? {});
  const server = keyServer(base.jwks, common.keys, clock);
  const fetched = one.steps.some(({ action }) => action?.startsWith("jwks"));
  const replaced = { clock, revocation: revocationSource(revoked) };
  const verifiers = new Map();
  let accepted;

  function verifierOf(config) {
    const id = JSON.stringify(config);
    const { jwks, ...rest } = config;
    const options = fetched && jwks ? { ...rest, jwks_url: keySetUrl } : config;
    const extra = fetched && jwks ? { ...replaced, fetch: server.fetch } : replaced;
    if (!verifiers.has(id)) verifiers.set(id, createVerifierOf(options, common, extra));
    return verifiers.get(id);
  }

  for (const [index, step] of one.steps.entries()) {
    // What goes on in the background is over before the next step.
    await new Promise(setImmediate);
    if (step.now !== undefined) clock.advance(step.now - clock.now());
    if (step.action !== undefined) {
      act(step, { revoked, server, clock, accepted });
      continue;
    }
    const config = step.config === undefined ? base : configOf(step.config, common);
    const verdict = await verdictOf(() => verifierOf(config), step, common);
    accepted = verdict.identity ?? accepted;
    const mismatch = compareStep(step, verdict, server);
    if (mismatch !== undefined) {
      return { expected: `step${index + 1}:${mismatch.expected}`, got: mismatch.got };
    }
  }
  return undefined;
}

async function verdictOf(verifierOf, step, common) {
  const token = tokenOf(step, common);
  try {
    return { identity: await verifierOf().verify(token) };
  } catch (error) {
    if (error instanceof WatchwordError || error instanceof ConfigurationError)
      return { code: codeOf(error) };
    throw error;
  }
}

function compareStep({ expect }, got, server) {
  const mismatch = compare(expect, got);
  if (mismatch !== undefined || expect.fetches === undefined) return mismatch;
  if (server.fetches === expect.fetches) return undefined;
  return { expected: `fetches:${expect.fetches}`, got: `fetches:${server.fetches}` };
}

function act({ action, ...step }, { revoked, server, clock, accepted }) {
  switch (action) {
    case "change_claims":
      return changeClaims(accepted.claims, step.set);
    case "revoke":
      return revoke(step, revoked, clock);
    case "jwks":
      return server.publish(step.keys);
    case "jwks_status":
      return server.answerStatus(step.status);
    case "jwks_answer":
      return step.kind === undefined ? server.answerGiven(step) : server.answerKind(step.kind);
    default:
      throw new CannotRun(`unknown action ${action}`);
  }
}

/** What a caller may try with claims that it was given; those that are frozen stay as they are. */
function changeClaims(claims, changes) {
  for (const [name, value] of Object.entries(changes)) {
    if (typeof value === "object") changeClaims(claims[name], value);
    else Reflect.set(claims, name, value);
  }
}

function revoke({ jti, sid, user, not_before: notBefore }, revoked, clock) {
  if (jti === undefined && sid === undefined && user === undefined)
    throw new CannotRun("revokes nothing known");
  if (jti !== undefined) revoked.jti = [...(revoked.jti ?? []), jti];
  if (sid !== undefined) revoked.sid = [...(revoked.sid ?? []), sid];
  if (user !== undefined) {
    revoked.user_not_before = { ...revoked.user_not_before, [user]: notBefore ?? clock.now() };
  }
}
