import {InputError} from '../problem.ts';
import {emptyColumns, FrameTable, links} from './frame-table.ts';
import type {Frame, LinkType} from './types.ts';

// Layout (https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html). File header: magic 4, version 2 and 2, reserved 8,
// snap length 4, link type 4 (low 16 bits). Before each frame: seconds 4, fraction 4, captured length 4, original length 4.
const fileHeaderLength = 24;
const frameHeaderLength = 16;
const magicMicro = 0xa1b2c3d4;
const magicNano = 0xa1b23c4d;
const magicPcapng = 0x0a0d0d0a;
const maxSnapLength = 262144;

const linkTypeNumbers: Readonly<Record<LinkType, number>> = {
  ethernet: 1,
  raw: 101,
  sll: 113,
  sll2: 276,
};

export interface Capture {
  readonly linkType: LinkType;
  /** Whether the file's times are in nanoseconds rather than microseconds. */
  readonly nanoseconds: boolean;
  /** Bytes after which the capture cut frames, as the file says. */
  readonly snapLength: number;
  readonly frames: Frame[];
}

/** A capture whose frames are a table over the file's bytes. */
export interface IndexedCapture extends Omit<Capture, 'frames'> {
  readonly frames: FrameTable;
}

/**
 * Reads a pcap file of either byte order and time unit. Frames share memory with `bytes`; `where` names the file in errors.
 * @throws {InputError} for an empty, foreign or truncated file and for a link type other than Ethernet, raw IP and Linux cooked.
 */
export function readPcap(bytes: Uint8Array, where: string): Capture {
  const capture = indexPcap(bytes, where);
  return {...capture, frames: [...capture.frames]};
}

/** Like readPcap, but only finds where each frame stands: for files of a million frames. Throws what readPcap throws. */
export function indexPcap(bytes: Uint8Array, where: string): IndexedCapture {
  if (bytes.length === 0)
    throw damaged(where, 0, 'empty capture file', '0 bytes', [
      `a pcap file of at least ${fileHeaderLength} bytes`,
    ]);
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const {littleEndian, nanoseconds} = readMagic(data, where);
  if (bytes.length < fileHeaderLength)
    throw damaged(where, 0, 'truncated pcap file header', `${bytes.length} bytes`, [
      `${fileHeaderLength} bytes`,
    ]);
  const major = data.getUint16(4, littleEndian);
  if (major !== 2) throw foreign(where, 4, 'unsupported pcap version', `${major}`, ['2']);
  const linkType = readLinkType(data.getUint32(20, littleEndian), where);
  const length = countFrames(data, littleEndian, where);
  const columns = emptyColumns(bytes, length);
  const originalLengths = new Uint32Array(length);
  columns.link.fill(links[linkType]);
  const unit = nanoseconds ? 1 : 1000;
  let at = fileHeaderLength;
  for (let i = 0; i < length; i++) {
    // A damaged fraction may be more than a second.
    const fraction = data.getUint32(at + 4, littleEndian) * unit;
    columns.seconds[i] = data.getUint32(at, littleEndian) + Math.floor(fraction / 1e9);
    columns.nanoseconds[i] = fraction % 1e9;
    originalLengths[i] = data.getUint32(at + 12, littleEndian);
    const start = at + frameHeaderLength;
    at = start + data.getUint32(at + 8, littleEndian);
    columns.starts[i] = start;
    columns.ends[i] = at;
  }
  const frames = new FrameTable(columns, linkType, originalLengths);
  return {linkType, nanoseconds, snapLength: data.getUint32(16, littleEndian), frames};
}

/** How many frames the file holds. @throws {InputError} for one that is cut or contradicts itself. */
function countFrames(data: DataView, littleEndian: boolean, where: string): number {
  let frames = 0;
  for (let at = fileHeaderLength; at < data.byteLength; frames++) {
    const left = data.byteLength - at;
    if (left < frameHeaderLength)
      throw damaged(where, at, `truncated header of frame ${frames + 1}`, `${left} bytes`, [
        `${frameHeaderLength} bytes`,
      ]);
    const length = data.getUint32(at + 8, littleEndian);
    const start = at + frameHeaderLength;
    if (start + length > data.byteLength)
      throw damaged(
        where,
        start,
        `truncated frame ${frames + 1}`,
        `${data.byteLength - start} bytes`,
        [`${length} bytes, as the frame's header says`],
      );
    const originalLength = data.getUint32(at + 12, littleEndian);
    if (originalLength < length)
      throw damaged(
        where,
        at + 12,
        `frame ${frames + 1} holds more bytes than were on the wire`,
        `${originalLength} bytes on the wire`,
        [`${length} or more`],
      );
    at = start + length;
  }
  return frames;
}

function readMagic(data: DataView, where: string): {littleEndian: boolean; nanoseconds: boolean} {
  const known = [
    'a1b2c3d4 (microseconds)',
    'a1b23c4d (nanoseconds)',
    'either in swapped byte order',
  ];
  if (data.byteLength < 4)
    throw damaged(where, 0, 'truncated pcap magic', `${data.byteLength} bytes`, known);
  for (const littleEndian of [true, false]) {
    const magic = data.getUint32(0, littleEndian);
    if (magic === magicMicro) return {littleEndian, nanoseconds: false};
    if (magic === magicNano) return {littleEndian, nanoseconds: true};
  }
  const magic = data.getUint32(0).toString(16).padStart(8, '0');
  if (data.getUint32(0) === magicPcapng)
    throw foreign(where, 0, 'pcapng is not read, only pcap', magic, known);
  throw foreign(where, 0, 'not a pcap file: unknown magic', magic, known);
}

function readLinkType(field: number, where: string): LinkType {
  // The upper bits tell of frame check sequences.
  const number = field & 0xffff;
  if (number === 1) return 'ethernet';
  if (number === 113) return 'sll';
  if (number === 276) return 'sll2';
  // 12 is the DLT number of raw IP on most systems, which some writers put in place of 101.
  if (number === 101 || number === 12) return 'raw';
  throw new InputError({
    what: `unsupported link type at byte 20`,
    where,
    value: `${number}`,
    valid: ['1 (Ethernet)', '101 or 12 (raw IP)', '113 (Linux cooked)', '276 (Linux cooked, v2)'],
    next: 'capture an interface of one of these link types (tcpdump -L lists them)',
  });
}

function damaged(
  where: string,
  offset: number,
  what: string,
  value: string,
  valid: readonly string[],
): InputError {
  const next = 'stop tcpdump with SIGINT and copy the file when it has ended, then read it again';
  return new InputError({what: `${what} at byte ${offset}`, where, value, valid, next});
}

function foreign(
  where: string,
  offset: number,
  what: string,
  value: string,
  valid: readonly string[],
): InputError {
  const next = 'convert the file: editcap -F nsecpcap in.pcapng out.pcap';
  return new InputError({what: `${what} at byte ${offset}`, where, value, valid, next});
}

/**
 * A little-endian pcap file with nanosecond times and snap length 262144.
 * Times must lie between 1970 and 2106, the range of the format's 32-bit seconds.
 */
export function writePcap(
  frames: readonly Pick<Frame, 'time' | 'bytes' | 'originalLength'>[],
  linkType: LinkType,
): Uint8Array {
  const length = frames.reduce(
    (total, frame) => total + frameHeaderLength + frame.bytes.length,
    fileHeaderLength,
  );
  const file = new Uint8Array(length);
  const data = new DataView(file.buffer);
  data.setUint32(0, magicNano, true);
  data.setUint16(4, 2, true);
  data.setUint16(6, 4, true);
  data.setUint32(16, maxSnapLength, true);
  data.setUint32(20, linkTypeNumbers[linkType], true);
  let at = fileHeaderLength;
  for (const {time, bytes, originalLength} of frames) {
    data.setUint32(at, Number(time / 1_000_000_000n), true);
    data.setUint32(at + 4, Number(time % 1_000_000_000n), true);
    data.setUint32(at + 8, bytes.length, true);
    data.setUint32(at + 12, originalLength, true);
    file.set(bytes, at + frameHeaderLength);
    at += frameHeaderLength + bytes.length;
  }
  return file;
}
