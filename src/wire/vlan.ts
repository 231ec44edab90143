import {concat, setU16, u16} from './bytes.ts';
import {afterEtherType} from './ethernet.ts';
import type {Fields, Inner} from './layer.ts';
import {etherTypeFor} from './numbers.ts';
import type {Kind, Vlan} from './types.ts';
import type {Walk} from './walk.ts';

// Layout (IEEE 802.1Q), behind the tag's own EtherType: priority 3 bits, drop eligible 1, id 12; EtherType 2.
const headerLength = 4;

export function decodeVlan(walk: Walk): Kind | undefined {
  if (walk.lacks(headerLength, 'vlan tag')) return undefined;
  const {bytes, offset} = walk;
  const control = u16(bytes, offset);
  const etherType = u16(bytes, offset + 2);
  walk.add({
    kind: 'vlan',
    offset,
    length: headerLength,
    id: control & 0x0fff,
    priority: control >>> 13,
    etherType,
  });
  return afterEtherType(walk, etherType);
}

export type VlanFields = Fields<Vlan, 'id'>;

export function encodeVlan(fields: VlanFields, inner: Inner): Uint8Array {
  const header = new Uint8Array(headerLength);
  setU16(header, 0, ((fields.priority ?? 0) << 13) | (fields.id & 0x0fff));
  setU16(header, 2, fields.etherType ?? etherTypeFor('vlan', inner.kind));
  return concat(header, inner.bytes);
}

export function printVlan(header: Vlan): string {
  return `vlan ${header.id}`;
}
