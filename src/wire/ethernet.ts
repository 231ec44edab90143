import {formatMac, parseMac} from './address.ts';
import {concat, hex16, setU16, u16} from './bytes.ts';
import type {Fields, Inner} from './layer.ts';
import {etherTypeFor, kindOfEtherType} from './numbers.ts';
import type {Ethernet, Kind} from './types.ts';
import type {Walk} from './walk.ts';

// Layout (IEEE 802.3): destination 6, source 6, EtherType 2.
const headerLength = 14;

/** Below this the field is a length and LLC follows (IEEE 802.3 3.2.6). */
const firstEtherType = 0x0600;

export function decodeEthernet(walk: Walk): Kind | undefined {
  if (walk.lacks(headerLength, 'ethernet header')) return undefined;
  const {bytes, offset} = walk;
  const etherType = u16(bytes, offset + 12);
  walk.add({
    kind: 'ethernet',
    offset,
    length: headerLength,
    source: formatMac(bytes, offset + 6),
    destination: formatMac(bytes, offset),
    etherType,
  });
  return afterEtherType(walk, etherType);
}

/** What follows the EtherType of an Ethernet header or VLAN tag. */
export function afterEtherType(walk: Walk, etherType: number): Kind | undefined {
  const kind = kindOfEtherType(etherType);
  if (kind !== undefined) return kind;
  if (etherType >= firstEtherType) return walk.halt(`EtherType ${hex16(etherType)} is not decoded`);
  walk.end = Math.min(walk.end, walk.offset + etherType);
  return walk.halt('IEEE 802.3 length in place of an EtherType: LLC is not decoded');
}

export type EthernetFields = Fields<Ethernet, 'source' | 'destination'> & {
  /** Pads the frame with zeros to this length in bytes: 60 is Ethernet's minimum without FCS. */
  readonly padTo?: number | undefined;
};

export function encodeEthernet(fields: EthernetFields, inner: Inner): Uint8Array {
  const header = new Uint8Array(headerLength);
  header.set(parseMac(fields.destination), 0);
  header.set(parseMac(fields.source), 6);
  setU16(header, 12, fields.etherType ?? etherTypeFor('ethernet', inner.kind));
  const length = headerLength + inner.bytes.length;
  return concat(header, inner.bytes, new Uint8Array(Math.max(0, (fields.padTo ?? 0) - length)));
}

export function printEthernet(header: Ethernet, name: (address: string) => string): string {
  return `${name(header.source)} > ${name(header.destination)}`;
}
