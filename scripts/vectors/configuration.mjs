import { createVerifier } from "watchword";
import { fixedClock } from "watchword/testing";
import { CannotRun } from "./verdict.mjs";

/** Members of a configuration and the option that each is. */
const options = {
  issuer: (issuer) => ({ issuer }),
  audience: (audience) => ({ audience }),
  leeway: (clockToleranceSeconds) => ({ clockToleranceSeconds }),
  required_claims: (requiredClaims) => ({ requiredClaims }),
  max_token_bytes: (maxTokenBytes) => ({ maxTokenBytes }),
  max_json_depth: (maxJsonDepth) => ({ maxJsonDepth }),
  max_lifetime: (maxLifetimeSeconds) => ({ maxLifetimeSeconds }),
  accepted_typ: (acceptedTypes) => (acceptedTypes === null ? {} : { acceptedTypes }),
  algorithms: (algorithms) => ({ algorithms }),
  secrets: (secrets, common) =>
    secrets !== null && secrets.length > 0 ? { key: secrets.map((one) => sharedKey(one, common)) } : {},
  jwks: (jwks) => (jwks === null ? {} : { jwks }),
  jwks_url: (jwksUrl) => (jwksUrl === null ? {} : { jwksUrl }),
  revocation: (revocation) => (revocation === null ? {} : { revocation: revocationSource(revocation) }),
  claims: (kind) => ({ claims: schemaOf(kind) }),
  cache: (cache) => ({ cache: cache === false ? false : { maxEntries: cache?.max_entries } }),
};
/** Members that are not the verifier's: the clock, and what stands in front of a route. */
const elsewhere = ["base", "now", "auth", "require_scope", "require_role"];

/** A configuration with its base filled in. */
export function configOf(config, common) {
  const { base, ...changes } = typeof config === "string" ? { base: config } : config;
  if (base === undefined) return changes;
  if (!Object.hasOwn(common.configs, base)) throw new CannotRun(`unknown configuration ${base}`);
  return { ...configOf(common.configs[base], common), ...changes };
}

/** @param replaced options that the case brings itself: a clock that moves, a source of revocations, a `fetch`. */
export function createVerifierOf(config, common, replaced = {}) {
  const given = Object.entries(config)
    .filter(([member]) => !elsewhere.includes(member))
    .map(([member, value]) => {
      if (!Object.hasOwn(options, member)) throw new CannotRun(`unknown configuration member ${member}`);
      return options[member](value, common);
    });
  return createVerifier({
    clock: fixedClock(config.now ?? common.now),
    ...Object.assign({}, ...given),
    ...replaced,
  });
}

/** Key text; `kid` is the corpus's name for the option `keyId`. */
function sharedKey({ key, kid }, common) {
  const { utf8, hex } = typeof key === "string" ? (common.keys[key] ?? {}) : key;
  const text = utf8 ?? textOf(hex);
  if (typeof text !== "string") throw new CannotRun("a shared key that is no text");
  return { key: text, keyId: kid };
}

/** Bytes in hexadecimal that are UTF-8; a shared key is given as text. */
function textOf(hex) {
  if (typeof hex !== "string") return undefined;
  const bytes = Buffer.from(hex, "hex");
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) ? text : undefined;
}

/** `{ jti: [], sid: [], user_not_before: {} }` as a source of revocations; what is added later counts too. */
export function revocationSource(revoked) {
  return {
    isRevoked({ tokenId, sessionId, userId, issuedAt }) {
      const { jti = [], sid = [], user_not_before: marks = {} } = revoked;
      const marked = Object.hasOwn(marks, userId) && issuedAt <= marks[userId];
      return jti.includes(tokenId) || sid.includes(sessionId) || marked;
    },
  };
}

/** A schema that accepts every token. `copy` gives a caller claims of its own, which can be changed. */
function schemaOf(kind) {
  if (kind !== "copy") throw new CannotRun(`unknown schema ${kind}`);
  const validate = (claims) => ({ value: JSON.parse(JSON.stringify(claims), changeable) });
  return { "~standard": { version: 1, vendor: "vectors", validate } };
}

/** Objects with a prototype of their own are what a schema makes of a class: nobody freezes those. */
function changeable(_, value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.assign(Object.create({}), value);
}
