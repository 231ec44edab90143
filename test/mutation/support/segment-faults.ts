import {adjust} from '../../../src/wire/checksum.ts';
import {innermostIp, transport} from '../../../src/wire/packet.ts';
import type {Frame, Packet} from '../../../src/wire/types.ts';
import type {ByteChange} from './field-faults.ts';

/** What the sender of a datagram over IPv4 may leave out (RFC 768). */
export const withoutChecksum = 'udp.checksum: none';

/** What no node on the way may touch; with checksums that are right for it, and with checksums that are not. */
export function segmentChanges(frame: Frame, packet: Packet): readonly ByteChange[] {
  const ip = innermostIp(packet);
  const header = transport(packet);
  const {payload} = packet;
  const ipChecksum = ip?.kind === 'ipv4' ? ip.offset + 10 : undefined;
  const change: Changing = (kind, at, checksum, mask = 1) => ({
    kind,
    bytes: flip(frame.bytes, at, mask, checksum),
  });
  return [
    ...(ipChecksum === undefined || ip === undefined
      ? []
      : [
          change('ip.checksum', ipChecksum),
          change('ip.id', ip.offset + 4, ipChecksum),
          change('ip.tos', ip.offset, ipChecksum, 4),
          change('ip.flags: DF', ip.offset + 6, ipChecksum, 0x4000),
        ]),
    ...(header?.kind === 'tcp'
      ? [
          change('tcp.checksum', header.offset + 16),
          change('tcp.seq', header.offset + 6, header.offset + 16),
          change('tcp.ack', header.offset + 10, header.offset + 16),
          change('tcp.flags: PSH', header.offset + 12, header.offset + 16, 8),
          change('tcp.flags: FIN', header.offset + 12, header.offset + 16, 1),
          change('tcp.window', header.offset + 14, header.offset + 16),
        ]
      : []),
    ...(header?.kind === 'udp'
      ? [
          change('udp.checksum', header.offset + 6),
          change('udp.length', header.offset + 4, header.offset + 6),
          ...(header.checksum === 'none'
            ? []
            : [{kind: withoutChecksum, bytes: zeroed(frame.bytes, header.offset + 6, 2)}]),
        ]
      : []),
    ...(header?.kind === 'sctp'
      ? [
          change('sctp.checksum', header.offset + 10),
          change('sctp.tag', header.offset + 6),
          change('sctp: chunk', header.offset + 12),
        ]
      : []),
    ...(payload.length < 2 || header === undefined || header.kind === 'sctp'
      ? []
      : [
          change('payload byte', payload.offset),
          change(
            'payload byte, checksum right',
            payload.offset,
            header.offset + (header.kind === 'tcp' ? 16 : 6),
          ),
        ]),
    ...errorChanges(packet, change),
  ];
}

type Changing = (kind: string, at: number, checksum?: number, mask?: number) => ByteChange;

/** Each word of an ICMP error, and of the ports that it quotes. */
function errorChanges({headers}: Packet, change: Changing): readonly ByteChange[] {
  const header = headers.at(-1);
  if (header?.kind !== 'icmp' && header?.kind !== 'icmpv6') return [];
  const sum = header.offset + 2;
  const ports = header.quoted === undefined ? undefined : transport(header.quoted);
  return [
    change('icmp.type', header.offset, sum, 0x0100),
    change('icmp.code', header.offset, sum),
    change('icmp.checksum', sum),
    change('icmp.rest', header.offset + 6, sum),
    ...(ports === undefined
      ? []
      : [
          change('icmp: quoted source port', ports.offset, sum),
          change('icmp: quoted destination port', ports.offset + 2, sum),
        ]),
  ];
}

const zeroed = (frame: Uint8Array, at: number, length: number): Uint8Array =>
  Buffer.from(frame).fill(0, at, at + length);

/** Changes the 16-bit word at `at`, and the checksum over it, if there is one to be put right (RFC 1624). */
function flip(
  frame: Uint8Array,
  at: number,
  mask: number,
  checksum: number | undefined,
): Uint8Array {
  const bytes = Buffer.from(frame);
  const before = bytes.readUInt16BE(at);
  bytes.writeUInt16BE(before ^ mask, at);
  if (checksum !== undefined)
    bytes.writeUInt16BE(adjust(bytes.readUInt16BE(checksum), before, before ^ mask), checksum);
  return bytes;
}
