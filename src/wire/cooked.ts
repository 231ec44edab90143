import {concat, setU16, setU32, u16, u32} from './bytes.ts';
import {afterEtherType} from './ethernet.ts';
import type {Inner} from './layer.ts';
import {etherTypeFor} from './numbers.ts';
import type {Cooked, Kind} from './types.ts';
import type {Walk} from './walk.ts';

// LINKTYPE_LINUX_SLL (https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html): packet type 2, ARPHRD type 2, address
// length 2, address 8, protocol 2. LINKTYPE_LINUX_SLL2: protocol 2, reserved 2, interface index 4, ARPHRD type 2,
// packet type 1, address length 1, address 8.
const lengths = {1: 16, 2: 20} as const;
const addressRoom = 8;

/** ARPHRD types whose protocol field is none of Ethernet's: FRAD, radiotap, netlink. */
const foreign = new Set([770, 803, 824]);

export function decodeSll(walk: Walk): Kind | undefined {
  if (walk.lacks(lengths[1], 'cooked header')) return undefined;
  const {bytes, offset} = walk;
  const addressLength = u16(bytes, offset + 4);
  return addCooked(walk, {
    kind: 'cooked',
    version: 1,
    offset,
    length: lengths[1],
    packetType: u16(bytes, offset),
    hardwareType: u16(bytes, offset + 2),
    address: formatAddress(bytes, offset + 6, addressLength),
    addressLength,
    protocol: u16(bytes, offset + 14),
  });
}

export function decodeSll2(walk: Walk): Kind | undefined {
  if (walk.lacks(lengths[2], 'cooked header')) return undefined;
  const {bytes, offset} = walk;
  const addressLength = bytes[offset + 11] ?? 0;
  return addCooked(walk, {
    kind: 'cooked',
    version: 2,
    offset,
    length: lengths[2],
    packetType: bytes[offset + 10] ?? 0,
    hardwareType: u16(bytes, offset + 8),
    address: formatAddress(bytes, offset + 12, addressLength),
    addressLength,
    protocol: u16(bytes, offset),
    interfaceIndex: u32(bytes, offset + 4),
  });
}

function addCooked(walk: Walk, header: Cooked): Kind | undefined {
  walk.add(header);
  const {protocol, hardwareType} = header;
  if (foreign.has(hardwareType))
    return walk.halt(`protocols of ARPHRD type ${hardwareType} are not decoded`);
  // Linux numbers frames that have no EtherType below 0x600 (if_ether.h): 1 802.3, 4 LLC, 12 CAN.
  if (protocol < 0x0600) return walk.halt(`Linux protocol ${protocol} is not decoded`);
  return afterEtherType(walk, protocol);
}

function formatAddress(bytes: Uint8Array, at: number, length: number): string {
  const kept = bytes.subarray(at, at + Math.min(length, addressRoom));
  return Array.from(kept, byte => byte.toString(16).padStart(2, '0')).join(':');
}

export type CookedFields = {
  readonly kind: 'cooked';
  /** To this host, 0, by default. */
  readonly packetType?: number | undefined;
  /** Ethernet, 1, by default. */
  readonly hardwareType?: number | undefined;
  /** Hexadecimal bytes with colons, of which eight fit; none by default. */
  readonly address?: string | undefined;
  readonly addressLength?: number | undefined;
  readonly protocol?: number | undefined;
} & ({readonly version: 1} | {readonly version: 2; readonly interfaceIndex?: number | undefined});

export function encodeCooked(fields: CookedFields, inner: Inner): Uint8Array {
  const header = new Uint8Array(lengths[fields.version]);
  const address = Uint8Array.from(
    (fields.address ?? '').split(':').filter(pair => pair !== ''),
    pair => Number.parseInt(pair, 16),
  );
  const addressLength = fields.addressLength ?? address.length;
  const protocol = fields.protocol ?? etherTypeFor('cooked', inner.kind);
  const hardwareType = fields.hardwareType ?? 1;
  const packetType = fields.packetType ?? 0;
  if (fields.version === 1) {
    setU16(header, 0, packetType);
    setU16(header, 2, hardwareType);
    setU16(header, 4, addressLength);
    setU16(header, 14, protocol);
  } else {
    setU16(header, 0, protocol);
    setU32(header, 4, fields.interfaceIndex ?? 0);
    setU16(header, 8, hardwareType);
    header[10] = packetType;
    header[11] = addressLength;
  }
  header.set(address.subarray(0, addressRoom), fields.version === 1 ? 6 : 12);
  return concat(header, inner.bytes);
}

const ways = ['to us', 'broadcast', 'multicast', 'to another', 'sent'];

/** `sent from director`: no cooked header tells the receiver. */
export function printCooked(header: Cooked, name: (address: string) => string): string {
  const way = ways[header.packetType] ?? `packet type ${header.packetType}`;
  return header.address === '' ? way : `${way} from ${name(header.address)}`;
}
