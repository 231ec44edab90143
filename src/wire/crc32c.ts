// The CRC of SCTP (RFC 9260 appendix A): Castagnoli's polynomial, bits reflected, start and end inverted.
const reflectedPolynomial = 0x82f63b78;

const table = Uint32Array.from({length: 256}, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++)
    crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ reflectedPolynomial;
  return crc;
});

/**
 * The CRC32c of an SCTP packet at `from` up to `to`, its own field at byte 8 counted as zeros. As a number whose
 * bytes stand in the packet with the lowest first.
 */
export function sctpCrc(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0xffffffff;
  for (let at = from; at < to; at++) {
    const isField = at >= from + 8 && at < from + 12;
    const byte = isField ? 0 : (bytes[at] ?? 0);
    crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}
