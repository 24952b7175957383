/** `y` of Ed25519's points of small order in every encoding, those beyond the field too, without the sign of `x`; in hex. */
const ordinates: ReadonlySet<string> = new Set([
  `00${"00".repeat(31)}`,
  `01${"00".repeat(31)}`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  `ec${"ff".repeat(30)}7f`,
  `ed${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(30)}7f`,
]);

/**
 * Whether an encoded point of Ed25519 (RFC 8032 §5.1.2) is one of the eight whose order divides the cofactor. Under such a
 * key anybody can sign, and no signer makes such an `R`; OpenSSL accepts both or neither, depending on its version.
 */
export function isOfSmallOrder(point: Uint8Array): boolean {
  const y = Buffer.from(point);
  y.writeUInt8(y.readUInt8(y.length - 1) & 0x7f, y.length - 1);
  return ordinates.has(y.toString("hex"));
}
