import {placeOf} from '../trace/essence.ts';
import type {Path} from '../trace/types.ts';
import type {SctpChunk} from '../wire/message-types.ts';
import {transport} from '../wire/packet.ts';
import type {CheckDraft} from './checks.ts';
import type {Connection} from './connections.ts';
import type {Direction} from './hops.ts';
import type {Notation} from './notation.ts';

type Kind = SctpChunk['kind'];

/** The chunks of an association from its set-up (RFC 9260, 5.1) to its shutdown (9.2), which the client begins. */
const wanted: readonly (readonly [Direction, Kind])[] = [
  ['request', 'init'],
  ['reply', 'init-ack'],
  ['request', 'cookie-echo'],
  ['reply', 'cookie-ack'],
  ['request', 'data'],
  ['reply', 'data'],
  ['request', 'shutdown'],
  ['reply', 'shutdown-ack'],
  ['request', 'shutdown-complete'],
];

/** The kinds of the chunks in a packet where its maker sent it; [] when it is no SCTP packet. */
export function chunksOf({crossings: [first]}: Path): readonly Kind[] {
  const header = first === undefined ? undefined : transport(first.any.packet);
  return header?.kind === 'sctp' ? header.chunks.map(({kind}) => kind) : [];
}

/** Whether an SCTP association was set up, carried data both ways, and was shut down without an ABORT. */
export function checkAssociation(
  connection: Connection,
  place: string,
  notation: Notation,
  draft: CheckDraft,
): void {
  for (const [direction, kind] of wanted)
    if (!connection[direction].some(path => chunksOf(path).includes(kind)))
      draft.fail({
        field: 'sctp.chunk',
        expected: `${kind.toUpperCase().replaceAll('-', ' ')} as ${direction}`,
        actual: 'none',
        place,
      });
  for (const path of connection.flow.paths) {
    const first = path.crossings[0];
    if (first !== undefined && chunksOf(path).includes('abort'))
      draft.fail({
        field: 'sctp.chunk',
        expected: 'no ABORT',
        actual: `ABORT from ${path.origin ?? 'nobody'}`,
        place: placeOf(first.any),
        actualPacket: notation.seen(first),
      });
  }
}
