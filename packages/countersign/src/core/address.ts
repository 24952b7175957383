/**
 * What `URL` alone would repair is no address here: missing slashes, backslashes, white space, short forms of numeric
 * addresses. Neither is one with a user name before the host.
 */
const writtenAddress = /^https?:\/\/[^/\\?#@\s]+([/?#][^\\\s]*)?$/i;
/** Letters that IDNA 2003 (Python) and 2008 (browsers) map apart: such a host is written in punycode. */
const unclearLetters = /[ßς\u200c\u200d]/;
const hostName = /^([a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])$/;

/** The address that a text writes out, `http:` or `https:`; `undefined` for everything else. */
export function readAddress(text: string): URL | undefined {
  if (!writtenAddress.test(text) || unclearLetters.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const repaired = /^[0-9.]+$/.test(url.hostname) && !text.includes(url.hostname);
  return hostName.test(url.hostname) && !repaired ? url : undefined;
}

/** Whether what is sent there stays readable on this machine only, or is encrypted on its way. */
export function isPrivateOnItsWay(url: URL): boolean {
  return url.protocol === "https:" || /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}
