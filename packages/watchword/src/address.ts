/**
 * An address as it is written out: printable ASCII (a host in other letters is written in punycode), the host as it is, and
 * no user name before it. What `URL` alone would repair is no address here: missing slashes, backslashes, control
 * characters, escapes in a host; and IDNA maps letters apart between languages and their versions.
 */
const writtenAddress =
  /^https?:\/\/([a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::[0-9]{0,5})?(?:[/?#][!-[\]-~]*)?$/i;

/** The address that a text writes out, `http:` or `https:`; `undefined` for everything else. */
export function readAddress(text: string): URL | undefined {
  const [, host] = writtenAddress.exec(text) ?? [];
  if (host === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  // Other forms of numeric addresses are not written out; of an IPv6 address there are many.
  return host.startsWith("[") || url.hostname === host.toLowerCase() ? url : undefined;
}

/** Whether what is sent there stays readable on this machine only, or is encrypted on its way. */
export function isPrivateOnItsWay(url: URL): boolean {
  return url.protocol === "https:" || /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}

/** An origin with a slash at its end is written without: it would be another audience, byte for byte. */
export function withoutSlash<Name extends string | undefined>(name: Name): Name {
  return typeof name === "string" ? (name.replace(/^(https?:\/\/[^/?#]+)\/$/i, "$1") as Name) : name;
}
