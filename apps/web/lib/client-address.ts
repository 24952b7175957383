import { BlockList, isIP } from "node:net";
import { ConfigurationError } from "watchword";

/** Which part of `X-Forwarded-For` was written by proxies that are known. */
export type TrustedProxies =
  | { readonly kind: "hops"; readonly count: number }
  | { readonly kind: "networks"; readonly networks: BlockList };

const header = "x-forwarded-for";

/**
 * `TRUSTED_PROXIES`: how many proxies stand before the web server, or the networks that they are in.
 *
 * @throws ConfigurationError for anything else
 */
export function trustedProxies(value: string | undefined): TrustedProxies {
  const text = value?.trim() || "1";
  if (/^(?:[1-9]|10)$/.test(text)) return { kind: "hops", count: Number(text) };
  const networks = new BlockList();
  for (const network of text.split(",")) addNetwork(networks, network.trim());
  return { kind: "networks", networks };
}

function addNetwork(networks: BlockList, network: string): void {
  const [address = "", bits, ...more] = network.split("/");
  const version = isIP(address);
  const longest = version === 6 ? 128 : 32;
  const prefix = bits === undefined ? longest : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  if (version === 0 || more.length > 0 || prefix < 0 || prefix > longest) {
    throw new ConfigurationError(
      "TRUSTED_PROXIES must be the number of proxies before the web server, from 1 to 10, or their networks such as 10.0.0.0/8,fd00::/8.",
    );
  }
  networks.addSubnet(address, prefix, version === 6 ? "ipv6" : "ipv4");
}

/**
 * Leaves in `X-Forwarded-For` the client's address alone, as the nearest trusted proxy saw it. Each proxy appends the address
 * that it was asked from, so that what a client wrote itself stands further left. Without a readable address there is none.
 */
export function keepClientAddress(headers: Headers, proxies: TrustedProxies): void {
  const addresses = (headers.get(header) ?? "").split(",").map((address) => address.trim());
  const client =
    proxies.kind === "hops" ? addresses.at(-proxies.count) : firstUntrusted(addresses, proxies.networks);
  const address = client ?? addresses[0] ?? "";
  if (isIP(address) === 0) headers.delete(header);
  else headers.set(header, address);
}

function firstUntrusted(addresses: readonly string[], networks: BlockList): string | undefined {
  return addresses.findLast((address) => {
    const version = isIP(address);
    return version === 0 || !networks.check(address, version === 6 ? "ipv6" : "ipv4");
  });
}
