import type {Crossing, Path, Sighting} from '../trace/types.ts';
import {innermostIp, transport} from '../wire/packet.ts';
import type {Tcp} from '../wire/types.ts';

/** A TCP segment where its maker sent it, or where it came. */
export interface Segment {
  readonly sighting: Sighting;
  readonly header: Tcp;
  /** Sequence numbers that it takes: payload, SYN and FIN. */
  readonly length: number;
  readonly id: number;
}

/** The segment of a path as its first crossing shows it; [] where that is none of TCP. */
export const segmentOf = ({crossings: [first]}: Path): Segment[] => segmentAt(first);

/** The segment of a crossing; [] where it is none of TCP. */
export function segmentAt(crossing: Crossing | undefined): Segment[] {
  const sighting = crossing?.any;
  if (sighting === undefined) return [];
  const header = transport(sighting.packet);
  const ip = innermostIp(sighting.packet);
  if (header?.kind !== 'tcp' || ip === undefined) return [];
  const phantom = Number(header.flags.includes('S')) + Number(header.flags.includes('F'));
  return [
    {
      sighting,
      header,
      length: sighting.packet.payload.length + phantom,
      id: ip.kind === 'ipv4' ? ip.id : 0,
    },
  ];
}

/** The sequence number behind it. */
export const endOf = ({header, length}: Segment): number => (header.sequence + length) >>> 0;

/** Sequence numbers wrap (RFC 9293, section 3.4): the distance from `start`, as an unsigned 32-bit number. */
export const from = (start: number, value: number): number => (value - start) >>> 0;

/** A distance as large as this is one backwards. */
export const half = 2 ** 31;
