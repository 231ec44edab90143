import {once} from 'node:events';
import type {Command} from 'commander';
import {hostOption, kernelOption} from './options.ts';

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
    .option('-c, --count <frames>', 'stop after so many frames')
    .addOption(hostOption())
    .addOption(kernelOption())
    .action(
      async (
        node: string,
        device: string,
        options: {write: string; count?: string; host: 'guest' | 'engine'; kernel: string},
      ) => {
        const {createWriteStream} = await import('node:fs');
        const {findNode, standingHost} = await import('../lab/standing.ts');
        const {streamCommand} = await import('../nodes/terminal.ts');
        const host = await standingHost({...options, start: false, progress: () => undefined});
        try {
          const {container} = await findNode(host.engine, node);
          const file = options.write === '-' ? process.stdout : createWriteStream(options.write);
          const stop = new AbortController();
          process.once('SIGINT', () => stop.abort());
          const count = options.count === undefined ? [] : ['-c', options.count];
          process.exitCode = await streamCommand(
            container,
            ['tcpdump', '-i', device, '-U', '--immediate-mode', '-s', '0', '-n', '-Z', 'root']
              .concat(count)
              .concat('-w', '-'),
            {
              stdout: async bytes => {
                if (!file.write(bytes)) await once(file, 'drain');
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
