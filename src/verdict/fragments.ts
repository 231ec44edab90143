import {fragmentIn, type Fragment} from '../trace/datagrams.ts';
import type {Crossing, Sighting} from '../trace/types.ts';
import {ipHeaders} from '../wire/packet.ts';
import type {Hop} from './hops.ts';
import {differ, type Mismatch} from './mismatch.ts';

/**
 * A packet that does not fit the hop's MTU must have crossed in fragments, each but the last as large as fits (a multiple of
 * eight bytes: RFC 791 2.3, RFC 8200 4.5), and any other whole.
 */
export function compareFragments({mtu}: Hop, {any, fragments}: Crossing): readonly Mismatch[] {
  const seen = fragments.length === 0 ? 'whole' : wordSizes(fragments.map(one => one.any));
  const length = lengthOf(any);
  if (mtu === undefined || length <= Math.min(...mtu)) return differ('fragments', 'whole', seen);
  const first = fragments[0] === undefined ? undefined : fragmentOf(fragments[0].any);
  if (first === undefined)
    return length <= Math.max(...mtu)
      ? []
      : [{field: 'fragments', expected: `at most ${mtu.join(' or ')} bytes each`, actual: seen}];
  const header = first.bytes.length - first.ip.offset - first.body.length;
  const body = fragments.reduce((sum, one) => sum + (fragmentOf(one.any)?.body.length ?? 0), 0);
  const cuts = mtu.filter(one => length > one).map(one => cut(body, header, one));
  return cuts.includes(seen)
    ? []
    : [{field: 'fragments', expected: cuts.join(' or '), actual: seen}];
}

/** The sizes of the fragments of so many bytes behind headers of this length. */
function cut(body: number, header: number, mtu: number): string {
  const room = Math.max(8, Math.floor((mtu - header) / 8) * 8);
  return Array.from(
    {length: Math.ceil(body / room)},
    (_, i) => Math.min(room, body - i * room) + header,
  ).join(' + ');
}

const fragmentOf = ({packet, frame}: Sighting): Fragment | undefined =>
  fragmentIn(packet, frame.bytes);

/** Bytes of each as an IP packet. */
const wordSizes = (sightings: readonly Sighting[]): string =>
  sightings
    .map(sighting => {
      const fragment = fragmentOf(sighting);
      return fragment === undefined ? '?' : fragment.bytes.length - fragment.ip.offset;
    })
    .join(' + ');

/** Bytes of the packet that crosses, with all its headers from the outermost IP header on. */
export function lengthOf({packet}: Sighting): number {
  const [ip] = ipHeaders(packet);
  return ip === undefined ? 0 : ip.kind === 'ipv4' ? ip.totalLength : 40 + ip.payloadLength;
}
