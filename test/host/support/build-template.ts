// Obtains a template, of which it says `begun` when it builds it, and `done NAME`. It builds until its input has a line.
import {once} from 'node:events';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {obtain} from '../../../src/host/guest/template-store.ts';

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const template = await obtain(
  {name: 'shared', room: 1000},
  ({step}) => say(step),
  async product => {
    writeFileSync(join(product, 'ram'), 'half');
    say('begun');
    await once(process.stdin, 'data');
    for (const file of ['ram', 'state', 'disk.qcow2']) writeFileSync(join(product, file), 'whole');
    return {kernel: {release: '6.1.0', has: ['ipvs'], sysctls: []}};
  },
);
say(`done ${template.builtAt}`);
process.exit(0);
