import {departure} from '../trace/essence.ts';
import type {Path, Sighting} from '../trace/types.ts';
import {decode} from '../wire/decode.ts';
import {innermostIp, payloadBytes, transport} from '../wire/packet.ts';
import type {Frame, Tcp} from '../wire/types.ts';
import type {Connection} from './connections.ts';
import {announcementIn, sixNumbers, type Announcement} from './ftp-announcement.ts';
import type {Direction} from './hops.ts';

/** What IPVS' FTP helper must make of a control connection, by what its ends say. */
export interface Control {
  /** With the times at which they were said, in order. */
  readonly announced: readonly (Announcement & {readonly at: bigint})[];
  /** The VIP, by which the answer to PASV must name the real server. */
  readonly virtual: string;
  /** By how many bytes the server's data is longer behind the segment that begins with a sequence number. */
  readonly growth: readonly {readonly sequence: number; readonly bytes: number}[];
}

/** Reads the control connection where its ends speak. */
export function controlOf({request, reply}: Connection, virtual: string): Control {
  const said = (paths: readonly Path[]) =>
    paths.flatMap(({crossings: [first]}) => {
      const found = first === undefined ? undefined : announcementIn(payloadOf(first.any));
      return first === undefined || found === undefined
        ? []
        : [{...found, at: departure(first), sequence: tcpOf(first.any)?.sequence ?? 0}];
    });
  const answers = said(reply).filter(({command}) => command === 'PASV' || command === 'EPSV');
  const asked = said(request).filter(({command}) => command === 'PORT' || command === 'EPRT');
  const growth = new Map<number, number>();
  for (const {command, port, from, to, sequence} of answers)
    if (command === 'PASV') growth.set(sequence, sixNumbers(virtual, port).length - (to - from));
  return {
    announced: [...answers, ...asked].toSorted((a, b) => Number(a.at - b.at)),
    virtual,
    growth: [...growth].map(([sequence, bytes]) => ({sequence, bytes})),
  };
}

/**
 * The packet as it must leave the director, but for addresses, ports and checksums: in an answer to PASV the VIP stands for
 * the real server's address, and the server's sequence numbers behind it, acknowledgements and selective ones (RFC 2018) of
 * them are moved by as much as it became longer (ip_vs_ftp.c; nf_nat_helper.c, nf_nat_mangle_tcp_packet; nf_conntrack_seqadj.c).
 */
export function helped(
  {virtual, growth}: Control,
  direction: Direction,
  sighting: Sighting,
): Sighting {
  const {frame, packet} = sighting;
  const header = tcpOf(sighting);
  const ip = innermostIp(packet);
  if (header === undefined || ip === undefined) return sighting;
  const bytes = Buffer.from(frame.bytes);
  if (direction === 'request') {
    const back = (at: number): number =>
      bytes.writeUInt32BE(
        unsigned(bytes.readUInt32BE(at) - grownBefore(growth, bytes.readUInt32BE(at), true)),
        at,
      );
    if (header.flags.includes('.')) back(header.offset + 8);
    for (const at of selective(header, frame)) back(at);
    return seen(sighting, bytes);
  }
  bytes.writeUInt32BE(
    unsigned(header.sequence + grownBefore(growth, header.sequence, false)),
    header.offset + 4,
  );
  const said = announcementIn(payloadOf(sighting));
  if (said?.command !== 'PASV') return seen(sighting, bytes);
  const payload = packet.payload.offset;
  const longer = Buffer.concat([
    bytes.subarray(0, payload + said.from),
    Buffer.from(sixNumbers(virtual, said.port), 'latin1'),
    bytes.subarray(payload + said.to),
  ]);
  // IPv4 has its total length here; PASV is of IPv4 alone.
  longer.writeUInt16BE(
    longer.readUInt16BE(ip.offset + 2) + longer.length - bytes.length,
    ip.offset + 2,
  );
  return seen(sighting, longer);
}

/**
 * The bytes by which the data before a sequence number of the server's grew. `moved` says that the number itself counts them
 * in, as the client's acknowledgements do.
 */
function grownBefore(growth: Control['growth'], number: number, moved: boolean): number {
  const first = growth[0]?.sequence ?? 0;
  let grown = 0;
  for (const {sequence, bytes} of growth.toSorted(
    (a, b) => distance(first, a.sequence) - distance(first, b.sequence),
  ))
    if (distance(sequence, number - (moved ? grown : 0)) > 0) grown += bytes;
  return grown;
}

const unsigned = (number: number): number => number >>> 0;

/** From one sequence number to another, as a signed number: they wrap (RFC 9293, 3.4). */
const distance = (from: number, to: number): number => (to - from) | 0;

/** Where the edges of selective acknowledgements stand: option 5 (RFC 2018). */
const selective = ({options}: Tcp, {bytes}: Frame): readonly number[] =>
  options
    .filter(({type}) => type === 5)
    .flatMap(({data}) =>
      Array.from(
        {length: Math.floor(data.length / 4)},
        // Its bytes are a view into the frame's.
        (_, edge) => data.byteOffset - bytes.byteOffset + 4 * edge,
      ),
    );

const seen = (sighting: Sighting, bytes: Uint8Array): Sighting => {
  const frame = {...sighting.frame, bytes, originalLength: bytes.length};
  return {...sighting, frame, packet: decode(frame)};
};

const payloadOf = ({frame, packet}: Sighting): Uint8Array => payloadBytes(frame.bytes, packet);

const tcpOf = ({packet}: Sighting) => {
  const header = transport(packet);
  return header?.kind === 'tcp' ? header : undefined;
};
