import { ConfigurationError } from "../errors.ts";

const minCharacters = 32;
const minDistinctCharacters = 10;

/** Words of example files. A random text of 43 characters holds one of them less than once in a million. */
const placeholders =
  /your[-_ ]|yoursecret|change[-_ ]?(me|this|in[-_ ]prod)|replace[-_ ]?(me|this)|placeholder|better[-_]auth[-_]secret|(secret|shared|super|jwt)[-_ ]?(key|secret)|password|undefined|example|qwerty|insecure|min[-_]32|32[-_]char|64[-_]char|not[-_]commit/i;
const templates = /\$\{|\{\{|\$\(|^<.*>$|^\$[A-Z_]+$|^%[A-Z_]+%$/s;
const sshKey = /^(ssh-|ecdsa-sha2-|sk-ssh-|sk-ecdsa-)/;

/**
 * Refuses a secret that cannot protect anything, or that is not what its owner believes it to be.
 *
 * @param settingName how the owner knows the value, for the message; the value itself is never quoted.
 * @throws ConfigurationError with one sentence that says what to do.
 */
export function checkSecret(secret: string, settingName: string): void {
  const fault = faultOf(secret);
  if (fault !== undefined) {
    throw new ConfigurationError(
      `${settingName} ${fault}. Set it to at least ${minCharacters} random characters, for example from: openssl rand -base64 32`,
    );
  }
}

/** The same demands for a key that is given as it is (`WATCHWORD_KEY`). @see {@link checkSecret} */
export function checkKey(key: string, settingName: string): void {
  checkSecret(key, settingName);
}

function faultOf(text: unknown): string | undefined {
  if (typeof text !== "string") return "is not a text";
  if (text.trim() === "") return "is empty";
  if (text !== text.trim()) return "starts or ends with white space";
  if (/^["'`]|["'`]$/.test(text)) return "starts or ends with a quotation mark";
  if (/\p{Surrogate}/u.test(text)) return "holds an unpaired surrogate";
  if (isPublicKeyMaterial(text)) return "is key material of a public-key algorithm (PEM, DER, JWK or SSH)";
  if (templates.test(text)) return "is a template that was not filled in";
  if (placeholders.test(text)) return "is a placeholder from an example";
  const characters = [...text];
  if (characters.length < minCharacters) return `has fewer than ${minCharacters} characters`;
  if (new Set(characters).size < minDistinctCharacters) return "repeats too few different characters";
  if (period(characters) < minCharacters) return "repeats a short pattern";
  if (isSequence(characters)) return "is a sequence of neighbouring characters";
  if (isKeyboardRow(characters)) return "follows the rows of a keyboard";
  return undefined;
}

/** RFC 8725 §2.1: an HMAC key that parses as public-key material is known to the attacker. */
function isPublicKeyMaterial(text: string): boolean {
  if (text.includes("-----BEGIN") || sshKey.test(text)) return true;
  if (/^\s*[{[]/.test(text)) return true;
  return isDerInBase64(text);
}

/** A DER SEQUENCE that fills the whole value and starts with a SEQUENCE or an INTEGER, as every key structure does. */
function isDerInBase64(text: string): boolean {
  // The decoder takes some white space for letters.
  const written = text.replace(/\s/g, "");
  if (!/^[A-Za-z0-9+/_=-]+$/.test(written)) return false;
  const bytes = Buffer.from(written, "base64");
  const [tag, short = 0] = bytes;
  if (tag !== 0x30) return false;
  const lengthBytes = short < 0x80 ? 0 : short & 0x7f;
  if (lengthBytes > 2 || bytes.length < 3 + lengthBytes) return false;
  const length = lengthBytes === 0 ? short : bytes.readUIntBE(2, lengthBytes);
  const first = bytes[2 + lengthBytes];
  return bytes.length === 2 + lengthBytes + length && (first === 0x30 || first === 0x02);
}

/**
 * Length of the shortest piece whose repetition gives the text: it is there twice at least, and once more in part. That a
 * text ends as it begins is chance.
 */
function period(characters: readonly string[]): number {
  for (let length = 1; length * 2 <= characters.length; length += 1) {
    if (characters.every((character, index) => index < length || character === characters[index - length])) {
      return length;
    }
  }
  return characters.length;
}

/**
 * Most characters are the neighbour of the one before (`abcdef…`, `98765…`), or go on with the same step (`acegik…`). Up to
 * three sequences may be interleaved (`a1b2c3…`).
 */
function isSequence(characters: readonly string[]): boolean {
  const points = characters.map((character) => character.codePointAt(0) ?? 0);
  return [1, 2, 3].some((stride) => {
    const step = (index: number) => (points[index] ?? 0) - (points[index - stride] ?? 0);
    const indexes = [...points.keys()];
    const near = indexes.filter((index) => index >= stride && Math.abs(step(index)) <= 1);
    const even = indexes.filter((index) => index >= 2 * stride && step(index) === step(index - stride));
    return Math.max(near.length, even.length) * 2 > characters.length;
  });
}

const keyboardRows = [
  "1234567890",
  "qwertyuiop",
  "asdfghjkl",
  "zxcvbnm",
  "qwertzuiop",
  "yxcvbnm",
  "azertyuiop",
];

/** Most characters lie in a row of a keyboard beside one of the two before (`asdfgh…`, `1q2w3e…`). */
function isKeyboardRow(characters: readonly string[]): boolean {
  const areNeighbours = (first = "", second = "") =>
    first !== "" && keyboardRows.some((row) => row.includes(first + second) || row.includes(second + first));
  const keys = characters.map((character) => character.toLowerCase());
  const beside = keys.filter(
    (key, index) => areNeighbours(keys[index - 1], key) || areNeighbours(keys[index - 2], key),
  );
  return beside.length * 2 > characters.length;
}
