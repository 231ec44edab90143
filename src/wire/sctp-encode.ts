import {concat, nothing, setU16, setU32} from './bytes.ts';
import type {SctpChunk, SctpParameter} from './message-types.ts';
import {chunkKinds} from './sctp-chunk.ts';
import type {Span} from './types.ts';

const headerLength = 4;
const types = new Map(Object.entries(chunkKinds).map(([type, kind]) => [kind, Number(type)]));

interface Overrides {
  /** The chunk length field, computed by default. */
  readonly length?: number | undefined;
  /** 0 by default, for DATA 3: all of a message. */
  readonly flags?: number | undefined;
}

type FieldsOf<C> = C extends {readonly kind: 'other'}
  ? Omit<C, keyof Span | 'flags'> & Overrides
  : C extends SctpChunk
    ? Omit<C, keyof Span | 'flags' | 'type'> & Overrides
    : never;

/** A chunk to build; one of kind `other` has any type and any value. */
export type SctpChunkFields = FieldsOf<SctpChunk>;

export function encodeChunk(chunk: SctpChunkFields): Uint8Array {
  const type = chunk.kind === 'other' ? chunk.type : (types.get(chunk.kind) ?? 0);
  const value = encodeValue(chunk);
  const bytes = new Uint8Array(padded(headerLength + value.length));
  bytes[0] = type;
  bytes[1] = chunk.flags ?? (chunk.kind === 'data' ? 3 : 0);
  setU16(bytes, 2, chunk.length ?? headerLength + value.length);
  bytes.set(value, headerLength);
  return bytes;
}

const padded = (length: number): number => Math.ceil(length / 4) * 4;

function encodeValue(chunk: SctpChunkFields): Uint8Array {
  switch (chunk.kind) {
    case 'data':
      return concat(
        words(chunk.tsn, pair(chunk.stream, chunk.streamSequence), chunk.payloadProtocol),
        chunk.data,
      );
    case 'init':
    case 'init-ack': {
      const streams = pair(chunk.outboundStreams, chunk.inboundStreams);
      const fixed = words(chunk.initiateTag, chunk.receiverWindow, streams, chunk.initialTsn);
      return concat(fixed, encodeParameters(chunk.parameters));
    }
    case 'sack': {
      const {cumulativeTsn, receiverWindow, gaps, duplicates} = chunk;
      const blocks = gaps.map(({start, end}) => pair(start, end));
      const counts = pair(gaps.length, duplicates.length);
      return words(cumulativeTsn, receiverWindow, counts, ...blocks, ...duplicates);
    }
    case 'heartbeat':
    case 'heartbeat-ack':
    case 'abort':
    case 'error':
      return encodeParameters(chunk.parameters);
    case 'shutdown':
      return words(chunk.cumulativeTsn);
    case 'shutdown-ack':
    case 'cookie-ack':
    case 'shutdown-complete':
      return nothing;
    case 'cookie-echo':
    case 'other':
      return chunk.data;
  }
}

const pair = (high: number, low: number): number => ((high << 16) | low) >>> 0;

function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  for (const [i, value] of values.entries()) setU32(bytes, 4 * i, value);
  return bytes;
}

/** The last one's padding belongs to the chunk's (RFC 9260 3.2). */
function encodeParameters(parameters: readonly SctpParameter[]): Uint8Array {
  return concat(
    ...parameters.map(({type, data}, i) => {
      const length = headerLength + data.length;
      const bytes = new Uint8Array(i === parameters.length - 1 ? length : padded(length));
      setU16(bytes, 0, type);
      setU16(bytes, 2, length);
      bytes.set(data, headerLength);
      return bytes;
    }),
  );
}
