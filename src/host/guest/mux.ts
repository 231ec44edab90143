import {randomBytes} from 'node:crypto';
import {connect} from 'node:net';
import type {Socket} from 'node:net';
import {encodeFrame, FrameReader} from './frames.ts';
import type {MuxFrame} from './frames.ts';
import {MuxStream} from './mux-stream.ts';

export interface ExecResult {
  /** 128 + the signal's number when a signal ended it. */
  readonly code: number;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

interface AwaitedAnswer {
  readonly answer: Buffer;
  /** The last bytes that came: the answer may come in pieces. */
  seen: Buffer;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** The host's end of the streams over one connection to the guest's agent; the frames are described in frames.ts. */
export class Mux {
  readonly #socket: Socket;
  readonly #streams = new Map<number, MuxStream>();
  #reader = new FrameReader();
  /** Bytes before the answer to our reset are of an earlier session and are skipped. */
  #awaited: AwaitedAnswer | undefined;
  #nextId = 1;
  #broken: Error | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', chunk => this.#receive(chunk));
    socket.on('error', error =>
      this.#break(new Error('the connection to the guest is gone', {cause: error})),
    );
    socket.on('close', () => this.#break(new Error('the connection to the guest is gone')));
  }

  /** Connects to the unix socket of the guest's port; the agent need not run yet. */
  static async connect(path: string): Promise<Mux> {
    const socket = connect({path, allowHalfOpen: false});
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new Mux(socket);
  }

  /**
   * Ends every stream at both ends and settles when the agent has answered. To be called first, and before a template is saved.
   * Rejects when the connection breaks; has no deadline of its own.
   */
  async reset(): Promise<void> {
    this.#dropStreams(new Error('the connection to the guest was reset'));
    const nonce = randomBytes(16);
    this.#awaited?.reject(new Error('another reset began'));
    await new Promise<void>((resolve, reject) => {
      if (this.#broken !== undefined) {
        reject(this.#broken);
        return;
      }
      const answer = encodeFrame(0, 'reset', nonce);
      this.#awaited = {answer, seen: Buffer.alloc(0), resolve, reject};
      this.#socket.write(answer);
    });
  }

  /** A stream to a service of the agent: `docker`, or `exec COMMAND`. Fails as a stream does, with an `error` event. */
  open(service: string): MuxStream {
    const id = this.#nextId++;
    const stream = new MuxStream(
      (type, bytes, sent) => {
        if (this.#broken === undefined) this.#socket.write(encodeFrame(id, type, bytes), sent);
        else sent?.(this.#broken);
      },
      () => this.#streams.delete(id),
    );
    if (this.#broken !== undefined) {
      stream.destroy(this.#broken);
      return stream;
    }
    this.#streams.set(id, stream);
    this.#socket.write(encodeFrame(id, 'open', Buffer.from(service)));
    return stream;
  }

  /** Runs `sh -c command` in the guest's root. Rejects when the guest goes away or the deadline (ms) passes. */
  async exec(
    command: string,
    options: {input?: string; deadline?: number} = {},
  ): Promise<ExecResult> {
    const stream = this.open(`exec ${command}`);
    const result = this.#collect(stream, options.deadline ?? 30_000, command);
    stream.end(options.input ?? '');
    return result;
  }

  /** Sets the guest's clock to now and gives it 64 bytes of fresh entropy. */
  async refresh(): Promise<void> {
    const now = BigInt(Date.now()) * 1_000_000n;
    const time = `${now / 1_000_000_000n} ${now % 1_000_000_000n}`;
    const stream = this.open(`refresh ${time} ${randomBytes(64).toString('hex')}`);
    await this.#collect(stream, 10_000, 'refresh');
  }

  close(): void {
    this.#break(new Error('the connection to the guest was closed'));
  }

  async #collect(stream: MuxStream, deadline: number, name: string): Promise<ExecResult> {
    const chunks: Buffer[] = [];
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => stream.destroy(new Error(`no end after ${deadline} ms: ${name}`)),
        deadline,
      );
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', reject);
      stream.on('close', () => {
        clearTimeout(timer);
        const code = /^exit (\d+)$/.exec(stream.closedBecause ?? '')?.[1];
        if (code === undefined) reject(new Error(`${stream.closedBecause ?? 'closed'}: ${name}`));
        else resolve({code: Number(code), output: Buffer.concat(chunks).toString()});
      });
    });
  }

  #receive(chunk: Buffer): void {
    const bytes = this.#awaited === undefined ? chunk : this.#skipToAnswer(chunk, this.#awaited);
    try {
      for (const frame of this.#reader.read(bytes)) this.#handle(frame);
    } catch (error) {
      this.#break(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #skipToAnswer(chunk: Buffer, awaited: AwaitedAnswer): Buffer {
    const seen = Buffer.concat([awaited.seen, chunk]);
    const at = seen.indexOf(awaited.answer);
    if (at === -1) {
      awaited.seen = seen.subarray(-awaited.answer.length);
      return Buffer.alloc(0);
    }
    this.#awaited = undefined;
    this.#reader = new FrameReader();
    awaited.resolve();
    return seen.subarray(at + awaited.answer.length);
  }

  #handle(frame: MuxFrame): void {
    if (frame.type === 'hello') {
      this.#dropStreams(new Error('the agent in the guest has started anew'));
      return;
    }
    const stream = this.#streams.get(frame.stream);
    if (stream === undefined) return;
    if (frame.type === 'data') stream.deliver(frame.bytes);
    else if (frame.type === 'eof') stream.deliverEnd();
    else if (frame.type === 'window') stream.addCredit(frame.bytes.readUInt32BE(0));
    else if (frame.type === 'close') stream.deliverClose(frame.bytes.toString());
  }

  #dropStreams(error: Error): void {
    const streams = [...this.#streams.values()];
    this.#streams.clear();
    for (const stream of streams) stream.deliverClose(`error ${error.message}`);
  }

  #break(error: Error): void {
    if (this.#broken !== undefined) return;
    this.#broken = error;
    this.#socket.destroy();
    this.#dropStreams(error);
    this.#awaited?.reject(error);
    this.#awaited = undefined;
  }
}
