import {concat, nothing, setU16, setU32, u16, u32, view} from './bytes.ts';
import {complement, sum} from './checksum.ts';
import {chooseChecksum, type Fields, type Inner} from './layer.ts';
import {transportChecksum} from './pseudo.ts';
import type {Tcp, TcpOption} from './types.ts';
import type {Walk} from './walk.ts';

// Layout (RFC 9293): ports 2 and 2, sequence 4, acknowledgement 4, data offset 4 bits, reserved 4, flags 8,
// window 2, checksum 2, urgent 2, options.
const fixedLength = 20;

/** Flag letters with their bits, in the order in which they are written. */
const flagBits: readonly (readonly [string, number])[] = [
  ['S', 0x02],
  ['F', 0x01],
  ['R', 0x04],
  ['P', 0x08],
  ['.', 0x10],
  ['U', 0x20],
  ['E', 0x40],
  ['W', 0x80],
];

const flagTexts = Array.from({length: 256}, (_, bits) =>
  flagBits.map(([letter, bit]) => ((bits & bit) === 0 ? '' : letter)).join(''),
);

export function decodeTcp(walk: Walk): undefined {
  if (walk.lacks(fixedLength, 'tcp header')) return undefined;
  const {bytes, offset} = walk;
  const length = ((bytes[offset + 12] ?? 0) >>> 4) * 4;
  if (length < fixedLength) return walk.halt(`tcp header length ${length} is below ${fixedLength}`);
  if (walk.lacks(length, 'tcp header')) return undefined;
  const checksum = transportChecksum(walk, 6, walk.end - offset);
  const {options, bad} = readOptions(bytes, offset + fixedLength, offset + length);
  walk.add({
    kind: 'tcp',
    offset,
    length,
    sourcePort: u16(bytes, offset),
    destinationPort: u16(bytes, offset + 2),
    sequence: u32(bytes, offset + 4),
    acknowledgement: u32(bytes, offset + 8),
    flags: flagTexts[bytes[offset + 13] ?? 0] ?? '',
    window: u16(bytes, offset + 14),
    urgent: u16(bytes, offset + 18),
    options,
    checksum,
  });
  if (bad !== undefined) walk.halt(`tcp option ${bytes[bad]} does not fit in its header`, bad);
  return undefined;
}

/** Options up to the end or an End of Option List (type 0); `bad` is the place of one that does not fit. */
function readOptions(
  bytes: Uint8Array,
  start: number,
  end: number,
): {options: readonly TcpOption[]; bad?: number} {
  const options: TcpOption[] = [];
  for (let at = start; at < end;) {
    const type = bytes[at] ?? 0;
    if (type <= 1) {
      options.push({type, data: nothing});
      if (type === 0) break;
      at++;
    } else {
      const length = at + 1 < end ? (bytes[at + 1] ?? 0) : 0;
      if (length < 2 || at + length > end) return {options, bad: at};
      options.push({type, data: view(bytes, at + 2, length - 2)});
      at += length;
    }
  }
  return {options};
}

export type TcpFields = Fields<Tcp, 'sourcePort' | 'destinationPort' | 'flags'>;

export function encodeTcp(fields: TcpFields, inner: Inner): Uint8Array {
  const options = concat(...(fields.options ?? []).map(encodeOption));
  const length = fixedLength + Math.ceil(options.length / 4) * 4;
  const header = new Uint8Array(length);
  setU16(header, 0, fields.sourcePort);
  setU16(header, 2, fields.destinationPort);
  setU32(header, 4, fields.sequence ?? 0);
  setU32(header, 8, fields.acknowledgement ?? 0);
  header[12] = (length / 4) << 4;
  header[13] = flagBits.reduce(
    (bits, [letter, bit]) => (fields.flags.includes(letter) ? bits | bit : bits),
    0,
  );
  setU16(header, 14, fields.window ?? 65535);
  setU16(header, 18, fields.urgent ?? 0);
  header.set(options, fixedLength);
  const segment = concat(header, inner.bytes);
  const pseudo = inner.pseudoSum(6, segment.length);
  const computed = complement(sum(segment, 0, segment.length, pseudo));
  setU16(segment, 16, chooseChecksum(fields.checksum, computed));
  return segment;
}

function encodeOption({type, data}: TcpOption): Uint8Array {
  return type <= 1 ? Uint8Array.of(type) : concat(Uint8Array.of(type, data.length + 2), data);
}

export function printTcp(header: Tcp): string {
  return `tcp ${header.sourcePort} > ${header.destinationPort} [${header.flags || 'none'}]`;
}
