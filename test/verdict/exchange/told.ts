import test from 'ava';
import received from '../../../labs/sysctls/sync-received.ts';
import type {Judgement} from '../../../src/verdict/types.ts';
import {ExchangeRig} from '../../support/exchange-rig.ts';
import {entriesText, ipvsTexts, type Counts} from '../../support/ipvs-texts.ts';

// Steps: 1 to 5 messages that are refused, 6 one that is taken, 7 its entry, 8 its segment, 9 to 11 segments that are reset, 12 a
// message of which the second connection is cut, 13 the entries, 14 and 15 segments of both, 16 a message of version 0, 17 to 19.
const failuresOf = ({checks}: Judgement): readonly string[] =>
  checks.flatMap(({id, verdict, failures}) =>
    verdict === 'FAIL' ? failures.map(({field}) => `${id} ${field}`) : [],
  );

/** How a made run of the lab is judged; the director counted so many connections. */
function judged(spoil: (rig: ExchangeRig) => void = () => undefined, connections = 0): Judgement {
  const rig = new ExchangeRig(received.spec);
  const end = (name: string, port: number): string => `${rig.address(name)}:${port}`;
  const counts: Readonly<Record<string, Counts>> = {
    RIP1: [connections, 2, 0, 80, 0],
    RIP2: [0, 1, 0, 40, 0],
  };
  const row = (port: number, state: string, server: string): string =>
    ['TCP 00:58', state, end('CIP', port), end('VIP', 80), end(server, 8080)].join(' ');
  rig.says({
    ...ipvsTexts({
      protocol: 'TCP',
      address: rig.address('VIP'),
      port: 80,
      method: 'Masq',
      servers: ['RIP1', 'RIP2'].map((name, i) => ({
        address: rig.address(name),
        port: 8080,
        counts: counts[name] ?? [],
        active: 1,
        inactive: 1 - i,
      })),
    }),
    'ipvsadm-Lnc': entriesText(
      row(4003, 'ESTABLISHED', 'RIP2'),
      row(4004, 'ESTABLISHED', 'RIP1'),
      row(4006, 'FIN_WAIT', 'RIP1'),
    ),
    'ipvsadm-Lnc-at': `${rig.time + 1_000_000_000n}\n`,
    sysctl: 'net.ipv4.vs.drop_entry = 0\nnet.ipv4.vs.run_estimation = 1\n',
  });
  spoil(rig);
  return rig.judged();
}

test('entries that messages told of were opened by no packet: the counters must say so exactly', t => {
  const judgement = judged();
  t.deepEqual(failuresOf(judgement), []);
  t.is(judgement.verdict, 'PASS', judgement.reasons.join('\n'));
  t.true(judgement.checks.every(check => check.judged > 0));
  const agreement = judgement.checks.find(({id}) => id === 'agreement.director');
  t.is(agreement?.title, 'IPVS on director counted what the packets show');
  t.is(judged(undefined, 1).verdict, 'INCONCLUSIVE');
});

/** Alters the first message that is taken wherever it was seen, or at these places. */
const members = ['director', 'client', 'rs1', 'rs2', 'rs3', 'rs4'].map(node => `${node} eth0`);
const taken = 'ipvs-sync v1 id 7 1 of 1: CIP:4003';
const messageAt = (rig: ExchangeRig, place: string): number => {
  const own = taken.replace('CIP', rig.address('CIP'));
  return rig.find(place, own);
};

for (const place of members)
  test(`a message that was not captured at ${place}, where all must see it, proves nothing`, t => {
    const {verdict, reasons} = judged(rig => {
      rig.remove(place, messageAt(rig, place));
    });
    t.is(verdict, 'INCONCLUSIVE');
    t.true(
      reasons.some(reason => reason.endsWith(`was not seen at ${place}`)),
      reasons.join('\n'),
    );
  });

const fails = test.macro((t, spoil: (rig: ExchangeRig) => void, failure: string) => {
  const judgement = judged(spoil);
  t.is(judgement.verdict, 'FAIL', judgement.reasons.join('\n'));
  t.true(failuresOf(judgement).includes(failure), failuresOf(judgement).join('\n'));
});
const everywhere = (change: object) => (rig: ExchangeRig) => {
  for (const place of members) rig.alter([place], messageAt(rig, place), change);
};
test(
  'a message to another group',
  fails,
  everywhere({destinationMac: '01:00:5e:00:00:52'}),
  'step.6.hop.1 eth.dst',
);
test(
  'a message to one node alone',
  fails,
  everywhere({destinationMac: '02:00:00:00:00:77'}),
  'step.6.hop.1 eth.dst',
);
test('another TTL', fails, everywhere({ttl: 2}), 'step.6.hop.1 ip.ttl');
test(
  'a message that nobody sends in the script',
  fails,
  rig => {
    const bytes = rig.bytesAt('rs4 eth0', messageAt(rig, 'rs4 eth0'));
    for (const place of members) rig.add(place, bytes, rig.time);
  },
  'nothing-else path',
);
test(
  'an entry at another real server than was told, which no packet reached',
  fails,
  rig => {
    rig.list('step-7-entries', [
      {
        client: 'CIP:4003',
        virtual: 'VIP:80',
        server: 'RIP1:8080',
        state: 'ESTABLISHED',
        expires: [480, 600],
      },
    ]);
  },
  'step.7.entries entry',
);

const idIs = (id: number) => (rig: ExchangeRig) => {
  const name = 'director step-0-daemon';
  rig.texts.set(name, (rig.texts.get(name) ?? '').replace('syncid=7', `syncid=${id}`));
};
const causesOf = (judgement: Judgement): readonly string[] =>
  judgement.diagnoses.map(({cause}) => cause);
const without = (rig: ExchangeRig): void => {
  for (const step of [7, 13, 17, 19]) rig.list(`step-${step}-entries`, []);
};

test('another sync id is told as the cause of a failure, and is none of its own', t => {
  const judgement = judged(rig => {
    without(rig);
    idIs(9)(rig);
  });
  t.is(judgement.verdict, 'FAIL');
  t.deepEqual(causesOf(judgement), ['other-sync-id']);
  t.deepEqual(causesOf(judged(without)), []);
});

test('an entry at the end that the daemon cannot have taken is of nobody', t => {
  const {verdict, reasons} = judged(rig => {
    const name = 'director ipvsadm-Lnc';
    const text = rig.texts.get(name) ?? '';
    // Told of with another sync id.
    rig.texts.set(name, `${text}${text.split('\n')[3]?.replace(':4004', ':4000')}\n`);
    for (const table of ['director ipvsadm-Ln', 'director ip-vs'])
      rig.texts.set(table, (rig.texts.get(table) ?? '').replace(/ 1 ( +)1$/m, ' 2 $11'));
  });
  t.is(verdict, 'INCONCLUSIVE');
  t.regex(reasons.join('\n'), /:4000 .* of which no capture has a packet/);
});
