/**
 * Frames between the host (mux.ts) and the guest's agent (inside/agent.pl) on one byte stream:
 * stream id u32, type u8, length u32 (big endian), then the bytes.
 *
 * - open: the service: `docker`, `exec COMMAND`, `refresh SECONDS NANOSECONDS ENTROPY`
 * - data, eof: bytes, and their end, in one direction; the other direction goes on (half-close)
 * - close: the stream is gone in both directions; the bytes say why: '' | `exit N` | `error TEXT`
 * - reset: ends every stream; the host sends it with a nonce, and the agent answers with the same
 * - window: so many more bytes may be sent (u32)
 * - hello: the agent has started (again)
 */
export const frameTypes = {
  open: 1,
  data: 2,
  eof: 3,
  close: 4,
  reset: 5,
  window: 6,
  hello: 7,
} as const;
export type FrameType = keyof typeof frameTypes;

export interface MuxFrame {
  readonly stream: number;
  readonly type: FrameType;
  readonly bytes: Buffer;
}

/** Bytes that each end may send on a stream before the other has granted more. */
export const initialCredit = 262_144;
/** The most bytes in one data frame. */
export const longestData = 32_768;
const longestFrame = 65_536;
const headerLength = 9;

const namesByType = new Map<number, FrameType>();
for (const name of Object.keys(frameTypes))
  if (isFrameType(name)) namesByType.set(frameTypes[name], name);

function isFrameType(name: string): name is FrameType {
  return Object.hasOwn(frameTypes, name);
}

export function encodeFrame(stream: number, type: FrameType, bytes: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(headerLength + bytes.length);
  frame.writeUInt32BE(stream, 0);
  frame.writeUInt8(frameTypes[type], 4);
  frame.writeUInt32BE(bytes.length, 5);
  bytes.copy(frame, headerLength);
  return frame;
}

/** Cuts a byte stream into frames. Throws on bytes that are no frame: the two ends are then out of step. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  *read(chunk: Buffer): Generator<MuxFrame> {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= headerLength) {
      const type = namesByType.get(this.#rest.readUInt8(4));
      const length = this.#rest.readUInt32BE(5);
      if (type === undefined || length > longestFrame)
        throw new Error('what came from the guest is no frame of its agent');
      if (this.#rest.length < headerLength + length) return;
      const stream = this.#rest.readUInt32BE(0);
      const bytes = this.#rest.subarray(headerLength, headerLength + length);
      this.#rest = this.#rest.subarray(headerLength + length);
      yield {stream, type, bytes};
    }
  }
}
