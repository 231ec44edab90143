import test from 'ava';
import sloppy from '../../../labs/sysctls/sloppy-tcp.ts';
import {rose, shows} from '../../../src/lab/define.ts';
import {compareBehaviour} from '../../../src/verdict/behaviour.ts';
import {observeExchange} from '../../../src/verdict/exchange/observe.ts';
import type {Observation} from '../../../src/verdict/observation.ts';
import {ExchangeRig} from '../../support/exchange-rig.ts';

const spec = {
  ...sloppy.spec,
  steps: [
    shows({
      node: 'director',
      what: '/proc/net/ip_vs_status',
      lines: ['^Conns:\\s+1$'],
      not: ['table \\d+ of 2'],
    }),
    rose('director', {IpInReceives: 2}),
  ],
};

/** What a director shows, and how often a counter of it rose. */
function observed(shown: string, rises: number): readonly Observation[] {
  const rig = new ExchangeRig(spec);
  rig.append('director', 'step-1-shows', shown);
  rig.append('director', 'step-0-nstat', 'IpInReceives  5  0.0\n');
  rig.append('director', 'step-2-nstat', `IpInReceives  ${5 + rises}  0.0\n`);
  return observeExchange(rig.folder(), rig.captures(), rig.expected, rig.judged());
}
const differences = (a: readonly Observation[], b: readonly Observation[]) =>
  compareBehaviour(a, b).map(({what}) => what);

const shown = 'Conns:   1\nbuckets: 256 of 7 bits\n';

test('what a node shows is compared line by line, without numbers and the order of lines', t => {
  const other = 'buckets: 4096   of 12 bits\nConns: 1\n';
  t.deepEqual(differences(observed(shown, 2), observed(other, 2)), []);
  t.deepEqual(differences(observed(shown, 2), observed(`${shown}a line more\n`, 2)), [
    'director shows in /proc/net/ip_vs_status',
  ]);
});

test('whether it shows what the lab asks for is compared, numbers and all', t => {
  const one = 'director shows in /proc/net/ip_vs_status: ^Conns:\\s+1$';
  t.true(differences(observed(shown, 2), observed(shown.replace('1', '2'), 2)).includes(one));
});

test('how often a counter rose is compared', t => {
  t.true(
    differences(observed(shown, 2), observed(shown, 3)).includes('director counts IpInReceives'),
  );
});
