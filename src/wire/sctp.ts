import {concat, setU16, setU32, u16, u32} from './bytes.ts';
import {sctpCrc} from './crc32c.ts';
import {chooseChecksum, type GivenChecksum, type Inner} from './layer.ts';
import type {Sctp, SctpChunk} from './message-types.ts';
import {chunkName, readChunk} from './sctp-chunk.ts';
import {encodeChunk, type SctpChunkFields} from './sctp-encode.ts';
import type {ChecksumState} from './types.ts';
import type {Walk} from './walk.ts';

// Layout (RFC 9260 3.1): ports 2 and 2, verification tag 4, CRC32c 4 (lowest byte first); then chunks.
const headerLength = 12;

export function decodeSctp(walk: Walk): undefined {
  if (walk.lacks(headerLength, 'sctp header')) return undefined;
  const {bytes, offset} = walk;
  walk.read({
    kind: 'sctp',
    offset,
    length: headerLength,
    sourcePort: u16(bytes, offset),
    destinationPort: u16(bytes, offset + 2),
    verificationTag: u32(bytes, offset + 4),
    chunks: readChunks(walk, offset + headerLength),
    checksum: check(walk),
  });
}

function check({bytes, offset, end, whole}: Walk): ChecksumState {
  if (!whole) return 'none';
  return sctpCrc(bytes, offset, end) === swap(u32(bytes, offset + 8)) ? 'good' : 'bad';
}

/** The chunks as far as they can be read; the walk says why not further. */
function readChunks(walk: Walk, start: number): readonly SctpChunk[] {
  const chunks: SctpChunk[] = [];
  for (let at = start; at < walk.end && walk.stop === undefined;) {
    const chunk = readChunk(walk, at);
    if (chunk === undefined) break;
    chunks.push(chunk);
    at += Math.ceil(chunk.length / 4) * 4;
  }
  return chunks;
}

export interface SctpFields {
  readonly kind: 'sctp';
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** 0 by default, as an INIT must have it. */
  readonly verificationTag?: number | undefined;
  readonly chunks?: readonly SctpChunkFields[] | undefined;
  /** The field's four bytes as they shall stand, read as a big-endian number. */
  readonly checksum?: GivenChecksum | undefined;
}

/** What the layer carries stands behind its chunks as it is. */
export function encodeSctp(fields: SctpFields, inner: Inner): Uint8Array {
  const header = new Uint8Array(headerLength);
  setU16(header, 0, fields.sourcePort);
  setU16(header, 2, fields.destinationPort);
  setU32(header, 4, fields.verificationTag ?? 0);
  const packet = concat(header, ...(fields.chunks ?? []).map(encodeChunk), inner.bytes);
  setU32(packet, 8, chooseChecksum(fields.checksum, swap(sctpCrc(packet, 0, packet.length))));
  return packet;
}

/** The same four bytes in the other order. */
function swap(word: number): number {
  const bytes = new DataView(new ArrayBuffer(4));
  bytes.setUint32(0, word);
  return bytes.getUint32(0, true);
}

export function printSctp({sourcePort, destinationPort, chunks}: Sctp): string {
  return `sctp ${sourcePort} > ${destinationPort} [${chunks.map(chunkName).join(', ') || 'none'}]`;
}
