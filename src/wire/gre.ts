import {concat, hex16, setU16, setU32, u16, u32} from './bytes.ts';
import {complement, sum, verify} from './checksum.ts';
import {chooseChecksum, type Fields, type Inner} from './layer.ts';
import {etherTypeFor, kindOfEtherType} from './numbers.ts';
import type {Gre, Kind} from './types.ts';
import type {Walk} from './walk.ts';

// Layout (RFC 2784, RFC 2890): flags C . K S and version 2, protocol (an EtherType) 2; then, each if its
// flag is set: checksum 2 and reserved 2, key 4, sequence number 4.
const fixedLength = 4;
const checksumBit = 0x8000;
const routingBit = 0x4000;
const keyBit = 0x2000;
const sequenceBit = 0x1000;

export function decodeGre(walk: Walk): Kind | undefined {
  if (walk.lacks(fixedLength, 'gre header')) return undefined;
  const {bytes, offset} = walk;
  const flags = u16(bytes, offset);
  const version = flags & 7;
  // Version 1 (PPTP, RFC 2637) and source routes (RFC 1701) lay out the rest in their own ways.
  const plain = version === 0 && (flags & routingBit) === 0;
  const optional = (bit: number) => (plain && (flags & bit) !== 0 ? 4 : 0);
  const keyAt = fixedLength + optional(checksumBit);
  const sequenceAt = keyAt + optional(keyBit);
  const length = sequenceAt + optional(sequenceBit);
  if (walk.lacks(length, 'gre header')) return undefined;
  const etherType = u16(bytes, offset + 2);
  const covered = plain && (flags & checksumBit) !== 0 && walk.whole;
  walk.add({
    kind: 'gre',
    offset,
    length,
    etherType,
    version,
    hasChecksum: (flags & checksumBit) !== 0,
    ...(sequenceAt > keyAt ? {key: u32(bytes, offset + keyAt)} : undefined),
    ...(length > sequenceAt ? {sequence: u32(bytes, offset + sequenceAt)} : undefined),
    checksum: covered ? verify(sum(bytes, offset, walk.end)) : 'none',
  });
  if (version !== 0) return walk.halt(`GRE version ${version} is not decoded`);
  if (!plain) return walk.halt('GRE source routes are not decoded');
  const kind = kindOfEtherType(etherType);
  return kind ?? walk.halt(`GRE protocol ${hex16(etherType)} is not decoded`);
}

/** A checksum is present with `hasChecksum`, or when one is given. */
export type GreFields = Omit<Fields<Gre, never>, 'version'>;

export function encodeGre(fields: GreFields, inner: Inner): Uint8Array {
  const {key, sequence, checksum} = fields;
  const hasChecksum = fields.hasChecksum ?? checksum !== undefined;
  const words = [hasChecksum ? 0 : undefined, key, sequence].filter(word => word !== undefined);
  const header = new Uint8Array(fixedLength + 4 * words.length);
  const flags =
    (hasChecksum ? checksumBit : 0) |
    (key === undefined ? 0 : keyBit) |
    (sequence === undefined ? 0 : sequenceBit);
  setU16(header, 0, flags);
  setU16(header, 2, fields.etherType ?? etherTypeFor('gre', inner.kind));
  for (const [i, word] of words.entries()) setU32(header, fixedLength + 4 * i, word);
  const packet = concat(header, inner.bytes);
  if (hasChecksum)
    setU16(packet, 4, chooseChecksum(checksum, complement(sum(packet, 0, packet.length))));
  return packet;
}

export function printGre(header: Gre): string {
  const key = header.key === undefined ? '' : ` key ${header.key}`;
  const sequence = header.sequence === undefined ? '' : ` seq ${header.sequence}`;
  return `gre${key}${sequence}`;
}
