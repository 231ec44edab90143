import {connect} from 'node:net';
import type {Socket} from 'node:net';
import {z} from 'zod';

const messageSchema = z.looseObject({
  QMP: z.unknown().optional(),
  event: z.string().optional(),
  data: z.looseObject({action: z.string().optional()}).optional(),
  id: z.number().optional(),
  return: z.unknown().optional(),
  error: z.looseObject({desc: z.string()}).optional(),
});

/** What QEMU says unasked: `BLOCK_IO_ERROR`, and what it did about it, as `stop` (QEMU, qapi/block-core.json). */
export type EventListener = (event: string, action: string | undefined) => void;

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** QEMU's monitor: line JSON on a unix socket (QEMU Machine Protocol, docs/interop/qmp-spec). */
export class Qmp {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  readonly #listener: EventListener;
  #greeted: Pending | undefined;
  #text = '';
  #nextId = 1;
  #gone: Error | undefined;

  private constructor(socket: Socket, listener: EventListener) {
    this.#socket = socket;
    this.#listener = listener;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#receive(text));
    socket.on('error', error => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('QEMU closed its monitor')));
  }

  /** Connects and leaves the greeting behind. Rejects when nobody listens, or QEMU goes away meanwhile. */
  static async connect(path: string, listener: EventListener = () => {}): Promise<Qmp> {
    const socket = connect(path);
    const qmp = new Qmp(socket, listener);
    await new Promise((resolve, reject) => {
      qmp.#greeted = {resolve, reject};
      if (qmp.#gone !== undefined) reject(qmp.#gone);
    });
    await qmp.execute('qmp_capabilities');
    return qmp;
  }

  /** The value that the command returned. Rejects with QEMU's own words. */
  async execute(command: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    if (this.#gone !== undefined) throw this.#gone;
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, {resolve, reject});
      this.#socket.write(`${JSON.stringify({execute: command, arguments: args, id})}\n`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(text: string): void {
    const lines = (this.#text + text).split('\n');
    this.#text = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') this.#handle(line);
  }

  #handle(line: string): void {
    let message: z.infer<typeof messageSchema>;
    try {
      message = messageSchema.parse(JSON.parse(line));
    } catch (error) {
      this.#fail(new Error(`QEMU's monitor sent what is no message: ${line}`, {cause: error}));
      this.#socket.destroy();
      return;
    }
    if (message.QMP !== undefined) this.#greeted?.resolve(undefined);
    if (message.event !== undefined) this.#listener(message.event, message.data?.action);
    if (message.id === undefined) return;
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.error === undefined) pending?.resolve(message.return);
    else pending?.reject(new Error(`QEMU: ${message.error.desc}`));
  }

  #fail(error: Error): void {
    if (this.#gone !== undefined) return;
    this.#gone = error;
    this.#greeted?.reject(error);
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }
}
