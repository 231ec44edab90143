import {Duplex} from 'node:stream';
import {initialCredit, longestData} from './frames.ts';
import type {FrameType} from './frames.ts';

/** Gives consumed bytes back in portions, not one by one. */
const grantPortion = 65_536;

/** Sends a frame of this stream; `sent` is called when the connection has taken it. */
export type SendFrame = (
  type: FrameType,
  bytes: Buffer,
  sent?: (error?: Error | null) => void,
) => void;

/**
 * One stream to a service in the guest. Half-close is kept: `end()` ends only what is sent. Each direction has credit of its
 * own, so a stream that nobody reads holds up only itself.
 */
export class MuxStream extends Duplex {
  /** Why the guest closed it: '' | `exit N` | `error TEXT`; undefined while it is open. */
  closedBecause: string | undefined;
  readonly #send: SendFrame;
  readonly #forget: () => void;
  #credit = initialCredit;
  #consumed = 0;
  #unsent: {bytes: Buffer; done: (error?: Error | null) => void} | undefined;
  #waiting: ((error?: Error | null) => void) | undefined;

  constructor(send: SendFrame, forget: () => void) {
    super({allowHalfOpen: true});
    this.#send = send;
    this.#forget = forget;
  }

  /** The guest sent bytes. */
  deliver(bytes: Buffer): void {
    this.#consumed += bytes.length;
    if (this.push(bytes)) this.#grant();
  }

  /** The guest will send no more. */
  deliverEnd(): void {
    this.push(null);
  }

  /** The guest reads on. */
  addCredit(count: number): void {
    this.#credit += count;
    this.#sendUnsent();
  }

  /** The guest closed the stream in both directions, or the connection to it is gone (`error TEXT`). */
  deliverClose(why: string): void {
    this.closedBecause = why;
    this.#forget();
    const error = why.startsWith('error ') ? new Error(why.slice('error '.length)) : null;
    if (this.#waiting !== undefined) {
      this.#waiting(error);
      return;
    }
    if (error !== null) {
      this.destroy(error);
      return;
    }
    const unsent = this.#unsent;
    this.#unsent = undefined;
    unsent?.done();
    if (!this.writableEnded) this.end();
    this.push(null);
  }

  override _read(): void {
    this.#grant();
  }

  override _write(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error | null) => void,
  ): void {
    if (this.closedBecause !== undefined) {
      done();
      return;
    }
    this.#unsent = {bytes: chunk, done};
    this.#sendUnsent();
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.closedBecause === undefined) this.#send('eof', Buffer.alloc(0));
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.closedBecause === undefined && this.readableEnded && this.writableFinished) {
      this.#waiting = done; // both ends are done: the guest says in a moment how it ended
      return;
    }
    if (this.closedBecause === undefined) {
      this.closedBecause = 'error closed by the host';
      this.#send('close', Buffer.alloc(0));
      this.#forget();
    }
    done(error);
  }

  #sendUnsent(): void {
    while (this.#unsent !== undefined && this.#credit > 0) {
      const {bytes, done} = this.#unsent;
      const count = Math.min(bytes.length, this.#credit, longestData);
      this.#credit -= count;
      const rest = bytes.subarray(count);
      this.#unsent = rest.length === 0 ? undefined : {bytes: rest, done};
      this.#send('data', bytes.subarray(0, count), rest.length === 0 ? done : undefined);
    }
  }

  #grant(): void {
    if (this.#consumed < grantPortion || this.closedBecause !== undefined) return;
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(this.#consumed);
    this.#consumed = 0;
    this.#send('window', bytes);
  }
}
