import {randomInt} from 'node:crypto';
import {mkdirSync} from 'node:fs';
import {appendFile, mkdir, rename, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {InputError} from '../problem.ts';
import type {Topology} from '../topology/types.ts';
import {runFormat, type CaptureRecord, type CommandRecord, type RunRecord} from './types.ts';

/** `20261123-040012-modes-dr-x7k2m9`: UTC, the lab's name with dashes for slashes, six random letters and digits. */
export function newRunId(lab: string, now: Date): string {
  const [day = '', time = ''] = now.toISOString().replaceAll(/[-:]/g, '').split('T');
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  const random = Array.from({length: 6}, () => letters[randomInt(letters.length)]).join('');
  return `${day}-${time.slice(0, 6)}-${lab.replaceAll('/', '-')}-${random}`;
}

/** What is known of a run only at its end. */
export type RunEnding = Omit<RunRecord, 'format' | 'id' | 'lab' | 'started' | 'captures'>;

/** Fills the folder of one run. A folder without run.json, which comes last, is one whose run did not end. */
export class RunWriter {
  readonly id: string;
  readonly path: string;
  readonly #lab: string;
  readonly #started: Date;
  readonly #captures: CaptureRecord[] = [];
  #commands: Promise<void> = Promise.resolve();

  /** Makes `<folder>/<id>`. Throws InputError when it cannot be made: the place is the user's choice. */
  constructor(folder: string, lab: string, now = new Date()) {
    this.id = newRunId(lab, now);
    this.path = join(folder, this.id);
    this.#lab = lab;
    this.#started = now;
    try {
      mkdirSync(join(this.path, 'pcap'), {recursive: true});
    } catch (error) {
      throw new InputError(
        {
          what: 'cannot make a run folder',
          where: this.path,
          value: error instanceof Error ? error.message : String(error),
          next: 'make the folder writable, or set LVSLAB_STATE to another one',
        },
        error,
      );
    }
  }

  /** Adds a capture with its file. */
  async capture(record: CaptureRecord, pcap: Uint8Array): Promise<void> {
    await this.#write(record.file, pcap);
    this.#captures.push(record);
  }

  /** Adds what was collected from a node, by name: `ipvsadm-Ln`. */
  async texts(node: string, texts: Readonly<Record<string, string>>): Promise<void> {
    await Promise.all(
      Object.entries(texts).map(([name, text]) => this.#write(textPath(node, name), text)),
    );
  }

  /** Adds a command that ran; usable as a CommandLog. Writes in the order of the calls; `finish` waits for it. */
  readonly command = (record: Omit<CommandRecord, 'at'>): void => {
    const line = JSON.stringify({...record, at: Date.now() - this.#started.getTime()});
    this.#commands = this.#commands.then(() =>
      appendFile(join(this.path, 'commands.jsonl'), `${line}\n`),
    );
    // Kept for `finish` to throw; until then it is no unhandled rejection.
    this.#commands.catch(() => undefined);
  };

  /** Writes the topology, the lab's data and, last and at once, the record: only then is the run whole. */
  async finish(topology: Topology, lab: unknown, ending: RunEnding): Promise<RunRecord> {
    await this.#commands;
    const record: RunRecord = {
      format: runFormat,
      id: this.id,
      lab: this.#lab,
      started: this.#started.toISOString(),
      captures: this.#captures,
      ...ending,
    };
    await this.#write('topology.json', asJson(topology));
    await this.#write('lab.json', asJson(lab));
    await this.#write('run.json.part', asJson(record));
    await rename(join(this.path, 'run.json.part'), join(this.path, 'run.json'));
    return record;
  }

  async #write(file: string, content: string | Uint8Array): Promise<void> {
    const path = join(this.path, file);
    await mkdir(dirname(path), {recursive: true});
    await writeFile(path, content);
  }
}

/** Path of a collected text below the run folder. */
export const textPath = (node: string, name: string): string => `nodes/${node}/${name}.txt`;

const asJson = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
