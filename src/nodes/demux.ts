import {Transform, type TransformCallback} from 'node:stream';

/** A run of bytes of one of the two outputs of an exec. */
export interface Piece {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Buffer;
}

const headerLength = 8;

/**
 * Takes apart the stream of an exec without a terminal: frames of {stream u8 (1 stdout, 2 stderr), three zero bytes,
 * length u32 big endian, bytes} (Docker Engine API, "ContainerAttach": stream format). Gives pieces as they come: a
 * frame that arrives in parts gives several. Fails on a header that is none.
 */
export class Demux extends Transform {
  #header = Buffer.alloc(0);
  #stream: Piece['stream'] = 'stdout';
  #left = 0;

  constructor() {
    super({readableObjectMode: true});
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#left === 0) {
        const missing = headerLength - this.#header.length;
        this.#header = Buffer.concat([this.#header, rest.subarray(0, missing)]);
        rest = rest.subarray(missing);
        if (this.#header.length < headerLength) break;
        const kind = this.#header[0];
        if (kind !== 1 && kind !== 2) {
          done(new Error(`bad frame header in an exec stream: ${this.#header.toString('hex')}`));
          return;
        }
        this.#stream = kind === 1 ? 'stdout' : 'stderr';
        this.#left = this.#header.readUInt32BE(4);
        this.#header = Buffer.alloc(0);
      } else {
        const bytes = rest.subarray(0, this.#left);
        rest = rest.subarray(bytes.length);
        this.#left -= bytes.length;
        this.push({stream: this.#stream, bytes} satisfies Piece);
      }
    }
    done();
  }

  override _flush(done: TransformCallback): void {
    const whole = this.#left === 0 && this.#header.length === 0;
    done(whole ? null : new Error('an exec stream ended within a frame'));
  }
}
