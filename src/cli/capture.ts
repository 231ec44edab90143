import {once} from 'node:events';
import {open} from 'node:fs/promises';
import type {Writable} from 'node:stream';
import {Option, type Command} from 'commander';
import {hostOption, kernelOption, wholeNumber} from './options.ts';
import {InputError} from '../problem.ts';

/** `lvslab capture`: frames of a deployed node's interface as pcap, until Ctrl-C. */
export function addCapture(program: Command): void {
  program
    .command('capture')
    .description(
      'capture at a deployed node: lvslab capture director eth0 -w - | wireshark -k -i -',
    )
    .argument('<node>', 'node, or topology/node')
    .argument('[interface]', 'eth0 when omitted', 'eth0')
    .option('-w, --write <file>', 'the pcap file; - for standard output', '-')
    .addOption(wholeNumber(new Option('-c, --count <frames>', 'stop after so many frames'), 1))
    .addOption(hostOption())
    .addOption(kernelOption())
    .action(
      async (
        node: string,
        device: string,
        options: {write: string; count?: number; host: 'guest' | 'engine'; kernel: string},
      ) => {
        const {findNode, standingHost} = await import('../lab/standing.ts');
        const {streamCommand} = await import('../nodes/terminal.ts');
        const host = await standingHost({...options, start: false, progress: () => undefined});
        try {
          const {container} = await findNode(host.engine, node);
          const file = options.write === '-' ? process.stdout : await createFile(options.write);
          const stop = new AbortController();
          process.once('SIGINT', () => stop.abort());
          // Wireshark was closed, or the disk is full: nobody reads on.
          file.once('error', () => stop.abort());
          const count = options.count === undefined ? [] : ['-c', String(options.count)];
          process.exitCode = await streamCommand(
            container,
            ['tcpdump', '-i', device, '-U', '--immediate-mode', '-s', '0', '-n', '-Z', 'root']
              .concat(count)
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
          if (file !== process.stdout)
            await new Promise<void>(resolve => file.end(() => resolve()));
        } finally {
          await host.close();
        }
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
