import { describe, expect, it } from "vitest";
import { keepClientAddress, trustedProxies } from "../lib/client-address.ts";

const kept = (setting: string | undefined, forwarded: string) => {
  const headers = new Headers({ "x-forwarded-for": forwarded });
  keepClientAddress(headers, trustedProxies(setting));
  return headers.get("x-forwarded-for");
};

describe("the client's address", () => {
  it.each([
    [undefined, "203.0.113.9", "203.0.113.9"],
    [undefined, "6.6.6.6, 203.0.113.9", "203.0.113.9"],
    ["2", "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"],
    ["2", "203.0.113.9", "203.0.113.9"],
    ["10.0.0.0/8", "6.6.6.6, 203.0.113.9, 10.2.0.1, 10.0.0.1", "203.0.113.9"],
    ["10.0.0.0/8, fd00::/8", "2001:db8::1, fd00::7", "2001:db8::1"],
    ["10.0.0.1", "10.0.0.1", "10.0.0.1"],
    [undefined, "rubbish", null],
    ["10.0.0.0/8", "203.0.113.9, rubbish", null],
    [undefined, "", null],
  ])("with TRUSTED_PROXIES=%s and %j is %s", (setting, forwarded, address) => {
    expect(kept(setting, forwarded)).toBe(address);
  });

  it.each(["0", "11", "-1", "10.0.0.0/33", "proxy.test", "10.0.0.0/8/8", "10.0.0.0/x", ","])(
    "TRUSTED_PROXIES=%s stops the start",
    (setting) => {
      expect(() => trustedProxies(setting)).toThrow("TRUSTED_PROXIES must be");
    },
  );
});
