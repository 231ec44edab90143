import {u16, u32, view} from './bytes.ts';
import type {SctpChunk, SctpParameter} from './message-types.ts';
import type {Span} from './types.ts';
import type {Walk} from './walk.ts';

// Layout (RFC 9260 3.2): type 1, flags 1, length 2 (with these four bytes, without padding), value; padded to 4.
// A parameter or error cause likewise: type 2, length 2, value, padded to 4.
const headerLength = 4;

/** The kinds of chunks by their numbers. */
export const chunkKinds: Readonly<Record<number, SctpChunk['kind']>> = {
  0: 'data',
  1: 'init',
  2: 'init-ack',
  3: 'sack',
  4: 'heartbeat',
  5: 'heartbeat-ack',
  6: 'abort',
  7: 'shutdown',
  8: 'shutdown-ack',
  9: 'error',
  10: 'cookie-echo',
  11: 'cookie-ack',
  14: 'shutdown-complete',
};

/** Bytes of a chunk's fixed part, its header included. */
const least: Partial<Record<SctpChunk['kind'], number>> = {
  data: 16,
  init: 20,
  'init-ack': 20,
  sack: 16,
  shutdown: 8,
};

/** `INIT ACK`; the number of a chunk that has no name here. */
export function chunkName({kind, type}: Pick<SctpChunk, 'kind' | 'type'>): string {
  return kind === 'other' ? `chunk ${type}` : kind.toUpperCase().replace('-', ' ');
}

/** The chunk at `at`; halts the walk when it does not fit, or its contents do not fit in it. */
export function readChunk(walk: Walk, at: number): SctpChunk | undefined {
  if (walk.lacks(headerLength, 'sctp chunk header', at)) return undefined;
  const {bytes} = walk;
  const type = bytes[at] ?? 0;
  const kind = chunkKinds[type] ?? 'other';
  const name = chunkName({kind, type});
  const length = u16(bytes, at + 2);
  if (length < headerLength)
    return walk.halt(`sctp ${name} length ${length} is below its header's ${headerLength}`, at);
  const needed = least[kind] ?? headerLength;
  if (length < needed)
    return walk.halt(`sctp ${name} length ${length} is below its fixed part's ${needed}`, at);
  if (walk.lacks(length, `sctp ${name}`, at)) return undefined;
  const chunk = {type, flags: bytes[at + 1] ?? 0, offset: at, length};
  return readValue(walk, kind, chunk, at + length);
}

function readValue(
  walk: Walk,
  kind: SctpChunk['kind'],
  chunk: Span & {type: number; flags: number},
  end: number,
): SctpChunk | undefined {
  const {bytes} = walk;
  const at = chunk.offset;
  switch (kind) {
    case 'data':
      return {
        ...chunk,
        kind,
        tsn: u32(bytes, at + 4),
        stream: u16(bytes, at + 8),
        streamSequence: u16(bytes, at + 10),
        payloadProtocol: u32(bytes, at + 12),
        data: view(bytes, at + 16, end - at - 16),
      };
    case 'init':
    case 'init-ack':
      return {
        ...chunk,
        kind,
        initiateTag: u32(bytes, at + 4),
        receiverWindow: u32(bytes, at + 8),
        outboundStreams: u16(bytes, at + 12),
        inboundStreams: u16(bytes, at + 14),
        initialTsn: u32(bytes, at + 16),
        parameters: readParameters(walk, at + 20, end),
      };
    case 'sack': {
      const [gaps, duplicates] = [u16(bytes, at + 12), u16(bytes, at + 14)];
      const needed = 16 + 4 * (gaps + duplicates);
      if (needed > chunk.length)
        return walk.halt(`sctp SACK length ${chunk.length} is below its blocks' ${needed}`, at);
      const words = (from: number, count: number) =>
        Array.from({length: count}, (_, i) => from + 4 * i);
      return {
        ...chunk,
        kind,
        cumulativeTsn: u32(bytes, at + 4),
        receiverWindow: u32(bytes, at + 8),
        gaps: words(at + 16, gaps).map(i => ({start: u16(bytes, i), end: u16(bytes, i + 2)})),
        duplicates: words(at + 16 + 4 * gaps, duplicates).map(i => u32(bytes, i)),
      };
    }
    case 'heartbeat':
    case 'heartbeat-ack':
    case 'abort':
    case 'error':
      return {...chunk, kind, parameters: readParameters(walk, at + headerLength, end)};
    case 'shutdown':
      return {...chunk, kind, cumulativeTsn: u32(bytes, at + 4)};
    case 'shutdown-ack':
    case 'cookie-ack':
    case 'shutdown-complete':
      return {...chunk, kind};
    case 'cookie-echo':
    case 'other':
      return {...chunk, kind, data: view(bytes, at + headerLength, chunk.length - headerLength)};
  }
}

function readParameters(walk: Walk, start: number, end: number): readonly SctpParameter[] {
  const {bytes} = walk;
  const parameters: SctpParameter[] = [];
  for (let at = start; at < end;) {
    const length = at + headerLength > end ? 0 : u16(bytes, at + 2);
    if (length < headerLength || at + length > end) {
      walk.halt(`sctp parameter ${u16(bytes, at)} does not fit in its chunk`, at);
      break;
    }
    parameters.push({
      type: u16(bytes, at),
      data: view(bytes, at + headerLength, length - headerLength),
    });
    at += Math.ceil(length / 4) * 4;
  }
  return parameters;
}
