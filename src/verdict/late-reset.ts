import type {Path} from '../trace/types.ts';
import {transport} from '../wire/packet.ts';
import type {Tcp} from '../wire/types.ts';

/** A TCP segment as its maker sent it and as it came to the other end: a helper of IPVS may change its numbers between. */
interface Segment {
  readonly header: Tcp;
  readonly payload: number;
  readonly sent: bigint;
  readonly came: {readonly header: Tcp; readonly payload: number};
  readonly arrived: bigint;
}

function segmentOf({crossings}: Path): Segment | undefined {
  const any = crossings[0]?.any;
  const last = crossings.at(-1);
  const header = any === undefined ? undefined : transport(any.packet);
  const end = last === undefined ? undefined : transport(last.any.packet);
  return any === undefined || last === undefined || header?.kind !== 'tcp' || end?.kind !== 'tcp'
    ? undefined
    : {
        header,
        payload: any.packet.payload.length,
        sent: any.frame.time,
        came: {header: end, payload: last.any.packet.payload.length},
        arrived: (last.received ?? last.any).frame.time,
      };
}

const segmentsOf = (paths: readonly Path[]): readonly Segment[] =>
  paths.flatMap(path => segmentOf(path) ?? []);

/** The other side's acknowledgements of the FIN, which takes the sequence number after the data. */
function acknowledgementsOfFin(
  paths: readonly Path[],
  answers: readonly Path[],
): readonly Segment[] {
  const fin = segmentsOf(paths).findLast(({header}) => header.flags.includes('F'));
  if (fin === undefined) return [];
  const next = (fin.came.header.sequence + fin.came.payload + 1) >>> 0;
  return segmentsOf(answers).filter(({header}) => header.acknowledgement === next);
}

/** Whether there is a FIN in the paths and an acknowledgement of it in the answers. */
export const isFinAcknowledged = (paths: readonly Path[], answers: readonly Path[]): boolean =>
  acknowledgementsOfFin(paths, answers).length > 0;

/**
 * From when on an end has nothing left of the connection: its FIN has been acknowledged to it, and it has acknowledged the
 * other's; or an RST has come to it, which is judged for itself. Undefined: never.
 */
function goneSince(own: readonly Path[], others: readonly Path[]): bigint | undefined {
  const acknowledged = first(acknowledgementsOfFin(own, others).map(({arrived}) => arrived));
  const acknowledging = first(acknowledgementsOfFin(others, own).map(({sent}) => sent));
  const resets = segmentsOf(others).filter(({header}) => header.flags.includes('R'));
  const closed =
    acknowledged === undefined || acknowledging === undefined
      ? []
      : [acknowledged > acknowledging ? acknowledged : acknowledging];
  return first([...closed, ...resets.map(({arrived}) => arrived)]);
}

const first = (times: readonly bigint[]): bigint | undefined =>
  times.toSorted((a, b) => Number(a - b))[0];

/**
 * Whether an RST only answers a segment that came to an end where nothing of the connection was left: it has that segment's
 * acknowledgement as its sequence number and no data (RFC 9293, 3.10.7.1). It comes on a slow machine, or on one with several
 * processors, in three ways. A segment that waited in a socket's backlog meets TIME-WAIT, is too old by its timestamp, and is
 * answered by a second ACK (PAWS, RFC 7323, 5.3; PAWSEstab counts), which finds the other end gone. A FIN is sent once
 * more because its acknowledgement took long. Or an ACK is overtaken by the FIN that was sent after it.
 */
export function answersLateSegment(
  reset: Path,
  own: readonly Path[],
  others: readonly Path[],
): boolean {
  const rst = segmentOf(reset);
  const gone = goneSince(own, others);
  if (rst === undefined || rst.payload > 0 || gone === undefined) return false;
  return segmentsOf(others).some(
    ({header, came, arrived}) =>
      arrived > gone &&
      arrived < rst.sent &&
      (header.flags === '.' || isFinAgain(header, others)) &&
      came.header.acknowledgement === rst.header.sequence,
  );
}

/** Whether the segment repeats the FIN with which its maker ended the connection. */
function isFinAgain(header: Tcp, paths: readonly Path[]): boolean {
  const fin = segmentsOf(paths).find(segment => segment.header.flags.includes('F'));
  return header.flags === fin?.header.flags && header.sequence === fin.header.sequence;
}
