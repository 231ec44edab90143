import {view} from './bytes.ts';
import type {Frame, Frames, LinkType} from './types.ts';

/** Where each frame stands in one buffer and when it was captured: a number a frame in each column. */
export interface FrameColumns {
  readonly bytes: Uint8Array;
  /** Frame i is bytes[starts[i]] up to bytes[ends[i]]. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Whole seconds since the epoch. */
  readonly seconds: Float64Array;
  /** The rest of the time, below 1,000,000,000. */
  readonly nanoseconds: Uint32Array;
  /** What each frame begins with: a code of `links`. */
  readonly link: Uint8Array;
}

/** Link types as they stand in a column. */
export const links: Readonly<Record<LinkType, number>> = {ethernet: 0, raw: 1, sll: 2, sll2: 3};

const second = 1_000_000_000n;

/** Columns for `length` frames, all zero. */
export function emptyColumns(bytes: Uint8Array, length: number): FrameColumns {
  return {
    bytes,
    starts: new Uint32Array(length),
    ends: new Uint32Array(length),
    seconds: new Float64Array(length),
    nanoseconds: new Uint32Array(length),
    link: new Uint8Array(length),
  };
}

/** The frames of one capture file as columns over its bytes; a frame becomes an object only when asked for. */
export class FrameTable implements Frames {
  readonly columns: FrameColumns;
  readonly #linkType: LinkType;
  readonly #originalLengths: Uint32Array;

  constructor(columns: FrameColumns, linkType: LinkType, originalLengths: Uint32Array) {
    this.columns = columns;
    this.#linkType = linkType;
    this.#originalLengths = originalLengths;
  }

  get length(): number {
    return this.columns.starts.length;
  }

  /** The frame in place `index`, from 0. It shares memory with the file's bytes. */
  at(index: number): Frame | undefined {
    const {bytes, starts, ends, seconds, nanoseconds} = this.columns;
    const [start, end] = [starts[index], ends[index]];
    if (start === undefined || end === undefined) return undefined;
    return {
      number: index + 1,
      time: BigInt(seconds[index] ?? 0) * second + BigInt(nanoseconds[index] ?? 0),
      linkType: this.#linkType,
      bytes: view(bytes, start, end - start),
      originalLength: this.#originalLengths[index] ?? 0,
    };
  }

  *[Symbol.iterator](): Iterator<Frame> {
    for (let index = 0; index < this.length; index++) {
      const frame = this.at(index);
      if (frame !== undefined) yield frame;
    }
  }
}

/** The columns of any frames; those that are no table are copied into one buffer. */
export function columnsOf(frames: Frames): FrameColumns {
  if (frames instanceof FrameTable) return frames.columns;
  const list = [...frames];
  const size = list.reduce((sum, {bytes}) => sum + bytes.length, 0);
  const columns = emptyColumns(new Uint8Array(size), list.length);
  let at = 0;
  for (const [i, {bytes, time, linkType}] of list.entries()) {
    columns.bytes.set(bytes, at);
    columns.starts[i] = at;
    at += bytes.length;
    columns.ends[i] = at;
    columns.seconds[i] = Number(time / second);
    columns.nanoseconds[i] = Number(time % second);
    columns.link[i] = links[linkType];
  }
  return columns;
}
