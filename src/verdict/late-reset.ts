import type {Path} from '../trace/types.ts';
import {transport} from '../wire/packet.ts';
import type {Tcp} from '../wire/types.ts';

/** A TCP segment where its maker sent it. */
interface Segment {
  readonly header: Tcp;
  readonly payload: number;
  readonly time: bigint;
}

function segmentOf({crossings}: Path): Segment | undefined {
  const any = crossings[0]?.any;
  const header = any === undefined ? undefined : transport(any.packet);
  return any === undefined || header?.kind !== 'tcp'
    ? undefined
    : {header, payload: any.packet.payload.length, time: any.frame.time};
}

const segmentsOf = (paths: readonly Path[]): readonly Segment[] =>
  paths.flatMap(path => segmentOf(path) ?? []);

/** When the other side first acknowledged the FIN, which takes the sequence number after the data; undefined: never. */
export function finAcknowledgedAt(
  paths: readonly Path[],
  answers: readonly Path[],
): bigint | undefined {
  const fin = segmentsOf(paths).findLast(({header}) => header.flags.includes('F'));
  if (fin === undefined) return undefined;
  const next = (fin.header.sequence + fin.payload + 1) >>> 0;
  return segmentsOf(answers).find(({header}) => header.acknowledgement === next)?.time;
}

/**
 * Whether an RST only answers a segment that came when the connection was over: both FINs were acknowledged before, and it
 * has that segment's acknowledgement as its sequence number and no data (RFC 9293, 3.10.7.1). It comes on a slow machine:
 * a segment that waited in a socket's backlog meets TIME-WAIT, is too old by its timestamp, and is answered by a second ACK
 * (PAWS, RFC 7323, 5.3; PAWSEstab counts), which finds the other end's socket gone.
 */
export function answersLateSegment(
  reset: Path,
  own: readonly Path[],
  others: readonly Path[],
): boolean {
  const rst = segmentOf(reset);
  const ownEnd = finAcknowledgedAt(own, others);
  const otherEnd = finAcknowledgedAt(others, own);
  if (rst === undefined || rst.payload > 0 || ownEnd === undefined || otherEnd === undefined)
    return false;
  return segmentsOf(others).some(
    ({header, time}) =>
      time > ownEnd &&
      time > otherEnd &&
      time < rst.time &&
      header.flags === '.' &&
      header.acknowledgement === rst.header.sequence,
  );
}
