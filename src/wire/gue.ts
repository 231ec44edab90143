import {concat, nothing, setU16, u16, view} from './bytes.ts';
import {afterProtocol} from './ipip.ts';
import type {Fields, Inner} from './layer.ts';
import {protocolFor} from './numbers.ts';
import type {Gue, Kind} from './types.ts';
import type {Walk} from './walk.ts';

// Layout (draft-ietf-intarea-gue-09, Linux include/net/gue.h), on UDP. Version 0: version 2 bits, control 1,
// length of the optional fields in 32-bit words 5; protocol or control type 1, flags 2, optional fields.
// Version 1 is no header at all: the version bits 01 are the first two of an IP header's version nibble.
const fixedLength = 4;

/** The port that IANA gave GUE. */
export const defaultGuePorts: readonly number[] = [6080];

export function decodeGue(walk: Walk): Kind | undefined {
  if (walk.lacks(1, 'gue header')) return undefined;
  const {bytes, offset} = walk;
  const first = bytes[offset] ?? 0;
  const version = first >>> 6;
  if (version === 1) return decodeVersion1(walk, first >>> 4);
  if (version !== 0) return walk.halt(`GUE version ${version} is not decoded`);
  const length = fixedLength + (first & 0x1f) * 4;
  if (walk.lacks(length, 'gue header')) return undefined;
  const control = (first & 0x20) !== 0;
  const protocol = bytes[offset + 1] ?? 0;
  walk.add({
    kind: 'gue',
    offset,
    length,
    version,
    control,
    protocol,
    flags: u16(bytes, offset + 2),
    optionBytes: view(bytes, offset + fixedLength, length - fixedLength),
  });
  if (control) return walk.halt(`GUE control message ${protocol} is not decoded`);
  return afterProtocol(walk, protocol, 0);
}

function decodeVersion1(walk: Walk, ipVersion: number): Kind | undefined {
  if (ipVersion !== 4 && ipVersion !== 6)
    return walk.halt(`GUE version 1 with IP version ${ipVersion} is not decoded`);
  const protocol = ipVersion === 4 ? 4 : 41;
  walk.add({
    kind: 'gue',
    offset: walk.offset,
    length: 0,
    version: 1,
    control: false,
    protocol,
    flags: 0,
    optionBytes: nothing,
  });
  return afterProtocol(walk, protocol, 0);
}

export type GueFields = Fields<Gue, never>;

export function encodeGue(fields: GueFields, inner: Inner): Uint8Array {
  if (fields.version === 1) return inner.bytes;
  const options = fields.optionBytes ?? nothing;
  const length = fixedLength + Math.ceil(options.length / 4) * 4;
  const header = new Uint8Array(length);
  header[0] =
    ((fields.version ?? 0) << 6) | (fields.control ? 0x20 : 0) | ((length - fixedLength) / 4);
  header[1] = fields.protocol ?? protocolFor('gue', inner.kind);
  setU16(header, 2, fields.flags ?? 0);
  header.set(options, fixedLength);
  return concat(header, inner.bytes);
}

export function printGue(header: Gue): string {
  return header.control ? `gue control ${header.protocol}` : 'gue';
}
