import {decode} from '../wire/decode.ts';
import {columnsOf} from '../wire/frame-table.ts';
import type {Frame, Packet} from '../wire/types.ts';
import type {InterfaceCapture, Sighting, TraceOptions} from './types.ts';

const empty = new DataView(new ArrayBuffer(0));

/** The frames of all captures, numbered through from 0: a sighting is its number, until someone asks for the object. */
export class Sightings {
  readonly length: number;
  /** The place of its capture among the captures. */
  readonly capture: Uint16Array;
  /** Where its bytes begin and end in the buffer of its capture. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly seconds: Float64Array;
  readonly nanoseconds: Uint32Array;
  /** What it begins with: a code of `links` in src/wire/frame-table.ts. */
  readonly link: Uint8Array;
  readonly options: TraceOptions;
  readonly #captures: readonly InterfaceCapture[];
  readonly #buffers: readonly DataView[];
  /** The number of each capture's first frame. */
  readonly #first: readonly number[];

  constructor(captures: readonly InterfaceCapture[], options: TraceOptions) {
    const columns = captures.map(({frames}) => columnsOf(frames));
    this.#captures = captures;
    this.options = options;
    this.#buffers = columns.map(
      ({bytes}) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    );
    this.length = columns.reduce((sum, {starts}) => sum + starts.length, 0);
    this.capture = new Uint16Array(this.length);
    this.starts = new Uint32Array(this.length);
    this.ends = new Uint32Array(this.length);
    this.seconds = new Float64Array(this.length);
    this.nanoseconds = new Uint32Array(this.length);
    this.link = new Uint8Array(this.length);
    const first: number[] = [];
    let at = 0;
    for (const [i, {starts, ends, seconds, nanoseconds, link}] of columns.entries()) {
      first.push(at);
      this.capture.fill(i, at, at + starts.length);
      this.starts.set(starts, at);
      this.ends.set(ends, at);
      this.seconds.set(seconds, at);
      this.nanoseconds.set(nanoseconds, at);
      this.link.set(link, at);
      at += starts.length;
    }
    this.#first = first;
  }

  /** The buffer that holds its bytes. */
  data(sighting: number): DataView {
    return this.#buffers[this.capture[sighting] ?? 0] ?? empty;
  }

  /** Nanoseconds from `earlier` to `later`: exact within a hundred days, and of the right sign beyond. */
  wait(earlier: number, later: number): number {
    const seconds = (this.seconds[later] ?? 0) - (this.seconds[earlier] ?? 0);
    return seconds * 1e9 + (this.nanoseconds[later] ?? 0) - (this.nanoseconds[earlier] ?? 0);
  }

  /** The sighting as an object, a new one each time; its packet is decoded when someone asks for it. */
  object(sighting: number): Sighting {
    const capture = this.capture[sighting] ?? 0;
    const {node, interface: name, frames} = this.#captures[capture] ?? nowhere;
    const frame = frames.at(sighting - (this.#first[capture] ?? 0));
    if (frame === undefined) throw new RangeError(`no sighting ${sighting} of ${this.length}`);
    return new LazySighting(node, name, frame, this.options);
  }

  /** A sighting with other bytes than its own: those of the packet of which it saw a fragment. */
  inPlaceOf({node, interface: name, frame}: Sighting, bytes: Uint8Array): Sighting {
    const whole = {...frame, bytes, originalLength: bytes.length};
    return new LazySighting(node, name, whole, this.options);
  }
}

const nowhere: InterfaceCapture = {node: '', interface: '', frames: []};

class LazySighting implements Sighting {
  readonly node: string;
  readonly interface: string;
  readonly frame: Frame;
  readonly #options: TraceOptions;
  #packet: Packet | undefined;

  constructor(node: string, name: string, frame: Frame, options: TraceOptions) {
    this.node = node;
    this.interface = name;
    this.frame = frame;
    this.#options = options;
  }

  get packet(): Packet {
    return (this.#packet ??= decode(this.frame, this.#options));
  }
}
