import type {Path} from '../trace/types.ts';
import {transport} from '../wire/packet.ts';
import type {Tcp} from '../wire/types.ts';

/** A TCP segment, with when its maker sent it and when it came to the other end. */
interface Segment {
  readonly header: Tcp;
  readonly payload: number;
  readonly sent: bigint;
  readonly arrived: bigint;
}

function segmentOf({crossings}: Path): Segment | undefined {
  const any = crossings[0]?.any;
  const last = crossings.at(-1);
  const header = any === undefined ? undefined : transport(any.packet);
  return any === undefined || header?.kind !== 'tcp'
    ? undefined
    : {
        header,
        payload: any.packet.payload.length,
        sent: any.frame.time,
        arrived: (last?.received ?? last?.any ?? any).frame.time,
      };
}

const segmentsOf = (paths: readonly Path[]): readonly Segment[] =>
  paths.flatMap(path => segmentOf(path) ?? []);

/** The other side's first acknowledgement of the FIN, which takes the sequence number after the data; undefined: none. */
export function acknowledgementOfFin(
  paths: readonly Path[],
  answers: readonly Path[],
): Segment | undefined {
  const fin = segmentsOf(paths).findLast(({header}) => header.flags.includes('F'));
  if (fin === undefined) return undefined;
  const next = (fin.header.sequence + fin.payload + 1) >>> 0;
  return segmentsOf(answers).find(({header}) => header.acknowledgement === next);
}

/**
 * Whether an RST only answers a segment that came when the connection was over: both FINs were acknowledged before, and it
 * has that segment's acknowledgement as its sequence number and no data (RFC 9293, 3.10.7.1). It comes on a slow machine:
 * a segment that waited in a socket's backlog meets TIME-WAIT, is too old by its timestamp, and is answered by a second ACK
 * (PAWS, RFC 7323, 5.3; PAWSEstab counts), which finds the other end's socket gone. Or a FIN is sent once more because its
 * acknowledgement took long, and comes after that.
 */
export function answersLateSegment(
  reset: Path,
  own: readonly Path[],
  others: readonly Path[],
): boolean {
  const rst = segmentOf(reset);
  const ownEnd = acknowledgementOfFin(own, others)?.arrived;
  const otherEnd = acknowledgementOfFin(others, own)?.sent;
  if (rst === undefined || rst.payload > 0 || ownEnd === undefined || otherEnd === undefined)
    return false;
  return segmentsOf(others).some(
    ({header, arrived}) =>
      arrived > ownEnd &&
      arrived > otherEnd &&
      arrived < rst.sent &&
      (header.flags === '.' || isFinAgain(header, others)) &&
      header.acknowledgement === rst.header.sequence,
  );
}

/** Whether the segment repeats the FIN with which its maker ended the connection. */
function isFinAgain(header: Tcp, paths: readonly Path[]): boolean {
  const first = segmentsOf(paths).find(segment => segment.header.flags.includes('F'));
  return header.flags === first?.header.flags && header.sequence === first.header.sequence;
}
