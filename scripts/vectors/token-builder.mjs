import { constants, createHash, createHmac, createPrivateKey, sign } from "node:crypto";
import { CannotRun } from "./verdict.mjs";

/** The token of a case or a step: as given, otherwise built; checked against its SHA-256 where there is one. */
export function tokenOf({ token, build, token_sha256: digest }, common) {
  const text = token ?? (build === undefined ? undefined : builtToken(build, common));
  if (text === undefined) throw new CannotRun("no token and no way to build one");
  const fits = digest === undefined || createHash("sha256").update(text, "utf8").digest("hex") === digest;
  if (!fits) throw new CannotRun("the built token is not the case's");
  return text;
}

function builtToken(build, common) {
  if (build.literal !== undefined) return expanded(build.literal);
  const segments = {
    header: encoded(build.header_raw ?? JSON.stringify(expandedValue(build.header))),
    payload: encoded(build.payload_raw ?? JSON.stringify(expandedValue(build.payload))),
  };
  for (const { op, seg, ...change } of build.pre ?? []) segments[seg] = changed(op, segments[seg], change);
  const input = `${segments.header}.${segments.payload}`;
  const parts = { ...segments, signature: signatureOf(build.sign, input, common) };
  return (build.post ?? []).reduce((text, change) => changedToken(change, text), joined(parts));
}

const joined = ({ header, payload, signature }) => `${header}.${payload}.${signature}`;

/** A text, a list of parts, `{ $repeat: [text, n] }` or `{ hex }`. */
function expanded(part) {
  if (typeof part === "string") return part;
  if (Array.isArray(part)) return part.map(expanded).join("");
  if (part?.$repeat) return part.$repeat[0].repeat(part.$repeat[1]);
  throw new CannotRun("unknown part of a text");
}

function expandedValue(value) {
  if (Array.isArray(value)) return value.map(expandedValue);
  if (typeof value !== "object" || value === null) return value;
  if (value.$repeat) return expanded(value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, expandedValue(member)]));
}

function encoded(raw) {
  return Buffer.concat([raw].flat().map(bytesOf)).toString("base64url");
}

function bytesOf(part) {
  return typeof part?.hex === "string" ? Buffer.from(part.hex, "hex") : Buffer.from(expanded(part), "utf8");
}

function changed(op, text, { text: added, at }) {
  if (op === "append") return text + added;
  if (op === "insert") return text.slice(0, at) + added + text.slice(at);
  if (op === "std") return text.replaceAll("-", "+").replaceAll("_", "/");
  if (op === "twiddle") return twiddled(text);
  throw new CannotRun(`unknown change ${op}`);
}

/** The last character with its lowest unused bit set: other text, same bytes. */
function twiddled(text) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)) | 1];
}

function changedToken({ op, ...change }, token) {
  const [header, payload, signature] = token.split(".");
  const withSignature = (bytes) => joined({ header, payload, signature: bytes.toString("base64url") });
  const bytes = Buffer.from(signature ?? "", "base64url");
  switch (op) {
    case "truncate_sig":
      return withSignature(bytes.subarray(0, change.bytes));
    case "flip_sig_bit":
      bytes[change.byte] ^= 1;
      return withSignature(bytes);
    case "append_sig":
      return token + change.text;
    case "insert_sig":
      return joined({ header, payload, signature: changed("insert", signature, change) });
    case "twiddle_sig":
      return joined({ header, payload, signature: twiddled(signature) });
    case "prefix":
      return change.text + token;
    case "suffix":
      return token + change.text;
    case "quote":
      return `"${token}"`;
    case "double_token":
      return token + change.sep + token;
    case "segments":
      return change.list.map((name) => ({ h: header, p: payload, s: signature })[name] ?? name).join(".");
    case "json_flattened":
      return JSON.stringify({ payload, protected: header, signature });
    case "json_general":
      return JSON.stringify({ payload, signatures: [{ protected: header, signature }] });
    default:
      throw new CannotRun(`unknown change ${op}`);
  }
}

/** Elliptic signatures are random, or need arithmetic of their own: their tokens are given. */
function signatureOf(how, input, common) {
  const { alg, key, hex, tweak } = how ?? {};
  if (alg === "empty") return "";
  if (alg === "hex") return Buffer.from(hex, "hex").toString("base64url");
  if (tweak !== undefined) throw new CannotRun(`tweak ${tweak} without a given token`);
  const data = Buffer.from(input, "utf8");
  if (/^HS(256|384|512)$/.test(alg)) {
    return createHmac(`sha${alg.slice(2)}`, secretBytes(key, common))
      .update(data)
      .digest("base64url");
  }
  const jwk = common.keys[key]?.jwk;
  if (jwk === undefined) throw new CannotRun(`no key ${key}`);
  const privateKey = createPrivateKey({ key: jwk, format: "jwk" });
  if (alg === "EdDSA") return sign(null, data, privateKey).toString("base64url");
  const hash = `sha${String(alg).slice(2)}`;
  if (/^RS(256|384|512)$/.test(alg)) return sign(hash, data, privateKey).toString("base64url");
  if (/^PS(256|384|512)$/.test(alg)) {
    const padding = {
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    };
    return sign(hash, data, { key: privateKey, ...padding }).toString("base64url");
  }
  if (/^ES(256|384)$/.test(alg)) {
    return sign(hash, data, { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url");
  }
  throw new CannotRun(`unknown algorithm ${alg}`);
}

function secretBytes(key, common) {
  const { utf8, hex } = typeof key === "string" ? (common.keys[key] ?? {}) : key;
  if (hex !== undefined) return Buffer.from(hex, "hex");
  if (utf8 === undefined) throw new CannotRun(`no secret ${key}`);
  return Buffer.from(utf8, "utf8");
}
