import { WatchwordError } from "../errors.ts";

/** `auth-scheme` and what follows it (RFC 9110 §11.4). */
const credentials = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) +(.*)$/s;
/** What clients send: the usual spelling of the scheme, one space, and a token. It is read once instead of three times. */
const usual = /^Bearer [A-Za-z0-9._~+/-]+=*$/;
/** `b64token` of RFC 6750 §2.1. */
const bearerToken = /^[A-Za-z0-9._~+/-]+=*$/;

/**
 * CS-1: the token in the values of all `Authorization` headers of one request.
 *
 * @param values one entry per header as it was received, none when there was no such header.
 * @throws WatchwordError `missing`, `malformed` or `ambiguous_credentials`
 */
export function readBearer(values: readonly string[]): string {
  const [value] = values;
  if (value === undefined) throw new WatchwordError("missing");
  if (values.length === 1 && usual.test(value)) return value.slice("Bearer ".length);
  // Proxies and Fetch join repeated headers by a comma.
  if (values.length > 1 || value.includes(",")) throw new WatchwordError("ambiguous_credentials");
  const [, scheme, token] = credentials.exec(value) ?? [];
  if (scheme === undefined || token === undefined) throw badSyntax();
  if (scheme.toLowerCase() !== "bearer") throw new WatchwordError("missing", { variant: "scheme" });
  if (!bearerToken.test(token)) throw badSyntax();
  return token;
}

function badSyntax(): WatchwordError {
  return new WatchwordError("malformed", { variant: "credential" });
}
