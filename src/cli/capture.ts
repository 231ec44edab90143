import {once} from 'node:events';
import {open} from 'node:fs/promises';
import type {Writable} from 'node:stream';
import {Option, type Command} from 'commander';
import {InputError} from '../problem.ts';
import {wholeNumber} from './options.ts';
import {addStandingOptions, onStandingHost, type StandingChoice} from './standing.ts';

/** `lvslab capture`: frames of a deployed node's interface as pcap, until Ctrl-C. */
export function addCapture(program: Command): void {
  const capture = program
    .command('capture')
    .description(
      'capture at a deployed node: lvslab capture director eth0 -w - | wireshark -k -i -',
    )
    .argument('<node>', 'node, or topology/node')
    .argument('[interface]', 'eth0 when omitted', 'eth0')
    .option('-w, --write <file>', 'the pcap file; - for standard output', '-')
    .addOption(wholeNumber(new Option('-c, --count <frames>', 'stop after so many frames'), 1));
  addStandingOptions(capture).action(
    async (
      node: string,
      device: string,
      {write, count, ...choice}: StandingChoice & {readonly write: string; readonly count?: number},
    ) => {
      const {findNode} = await import('../lab/standing.ts');
      const {streamCommand} = await import('../nodes/terminal.ts');
      await onStandingHost(choice, async ({engine}) => {
        const {container} = await findNode(engine, node);
        const file = write === '-' ? process.stdout : await createFile(write);
        const stop = new AbortController();
        process.once('SIGINT', () => stop.abort());
        // Wireshark was closed, or the disk is full: nobody reads on.
        file.once('error', () => stop.abort());
        process.exitCode = await streamCommand(
          container,
          ['tcpdump', '-i', device, '-U', '--immediate-mode', '-s', '0', '-n', '-Z', 'root']
            .concat(count === undefined ? [] : ['-c', String(count)])
            .concat('-w', '-'),
          {
            stdout: async bytes => {
              if (stop.signal.aborted || file.write(bytes)) return;
              await once(file, 'drain', {signal: stop.signal}).catch(() => undefined);
            },
            stderr: bytes => void process.stderr.write(bytes),
          },
          stop.signal,
        );
        if (file !== process.stdout) await new Promise<void>(resolve => file.end(() => resolve()));
      });
    },
  );
}

async function createFile(path: string): Promise<Writable> {
  try {
    return (await open(path, 'w')).createWriteStream();
  } catch (error) {
    throw new InputError(
      {
        what: 'the capture file cannot be written',
        where: '--write',
        value: path,
        next: 'choose another file, or - for standard output',
      },
      error,
    );
  }
}
