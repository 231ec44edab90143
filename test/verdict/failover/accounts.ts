import test from 'ava';
import type {Judgement} from '../../../src/verdict/types.ts';
import {entriesText, ipvsTexts, type Counts} from '../../support/ipvs-texts.ts';
import {FailoverRig} from './support/rig.ts';

const rig = new FailoverRig();
const [client, vip, rip1, rip2] = ['CIP', 'VIP', 'RIP1', 'RIP2'].map(rig.address);
const entry = (state: string, rip = rip1): string =>
  `TCP 01:58 ${state} ${client}:40000 ${vip}:80 ${rip}:80`;

/** Before it dies the first director gets four packets of one connection, one of them with eight bytes; then the other has it. */
const [first, second]: readonly Counts[] = [
  [1, 4, 0, 168, 0],
  [0, 4, 0, 165, 0],
];

const said = (node: string, counts: Counts, state: string): Record<string, string> => {
  const texts = {
    ...ipvsTexts({
      protocol: 'TCP',
      address: vip ?? '',
      port: 80,
      method: 'Route',
      servers: [
        {
          address: rip1 ?? '',
          port: 80,
          counts,
          ...(state === 'ESTABLISHED' ? {active: 1} : {inactive: 1}),
        },
        {address: rip2 ?? '', port: 80, counts: [0, 0, 0, 0, 0]},
      ],
    }),
    'ipvsadm-Lnc': entriesText(entry(state)),
    'ipvsadm-Lnc-at': `${rig.time + 1_000_000_000n}`,
    sysctl: 'net.ipv4.vs.secure_tcp = 0',
  };
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [`${node} ${name}`, text]));
};

function made(
  change: Readonly<Record<string, string>> = {},
  [one = first, other = second]: readonly (Counts | undefined)[] = [],
): Judgement {
  const texts = {
    ...said('d1', one ?? [0, 0, 0, 0, 0], 'ESTABLISHED'),
    ...said('d2', other ?? [0, 0, 0, 0, 0], 'FIN_WAIT'),
    ...change,
  };
  return new FailoverRig({texts}).judge();
}
const failuresOf = ({checks}: Judgement): readonly string[] =>
  checks.flatMap(({id, failures}) => failures.map(({field}) => `${id} ${field}`));

test('directors that counted what came to them while they lived pass', t => {
  const judgement = made();
  t.deepEqual(failuresOf(judgement), []);
  t.is(judgement.verdict, 'PASS', judgement.reasons.join('\n'));
  for (const id of ['configured', 'agreement', 'table', 'told'].flatMap(name => [
    `${name}.d1`,
    `${name}.d2`,
  ]))
    t.true(
      judgement.checks.some(check => check.id === id && check.judged > 0),
      id,
    );
});

test('a packet that one director did not count is a failure, and one too many is inconclusive', t => {
  const less: Counts = [0, 3, 0, 165, 0];
  t.deepEqual(
    new Set(failuresOf(made({}, [first, less]))),
    new Set(['agreement.d2 ipvs.packetsIn']),
  );
  t.is(made({}, [[1, 5, 0, 168, 0], second]).verdict, 'INCONCLUSIVE');
});

test('a backup that asked its scheduler for a connection that it was told of is inconclusive', t => {
  t.is(made({}, [first, [1, 4, 0, 165, 0]]).verdict, 'INCONCLUSIVE');
});

test('another real server in the table of either director is a failure', t => {
  for (const [node, state] of [
    ['d1', 'ESTABLISHED'],
    ['d2', 'FIN_WAIT'],
  ])
    t.true(
      failuresOf(made({[`${node} ipvsadm-Lnc`]: entriesText(entry(state ?? '', rip2))})).includes(
        'entries entry.destination',
      ),
    );
});

test('a service that a director was not given is a failure', t => {
  const rules = `-A -t ${vip}:80 -s wrr\n`;
  t.true(failuresOf(made({'d2 ipvsadm-Sn': rules})).includes('configured.d2 table'));
});
