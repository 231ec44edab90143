import test from 'ava';
import sloppy from '../../../labs/sysctls/sloppy-tcp.ts';
import type {Judgement} from '../../../src/verdict/types.ts';
import {ExchangeRig} from '../../support/exchange-rig.ts';
import {entriesText, ipvsTexts, type Counts} from '../../support/ipvs-texts.ts';

type Texts = Readonly<Record<string, string>>;

/** A segment that the director refuses, one that makes an entry, and its answer: 40 and 50 bytes. */
const counts: Counts = [1, 1, 1, 40, 50];
const end = (rig: ExchangeRig, name: string, port: number): string =>
  `${rig.address(name)}:${port}`;

function made(change: (texts: Texts, rig: ExchangeRig) => Texts, own: Counts = counts): Judgement {
  const rig = new ExchangeRig(sloppy.spec);
  const ends = [end(rig, 'CIP', 4000), end(rig, 'VIP', 80), end(rig, 'RIP1', 8080)].join(' ');
  const texts = {
    ...ipvsTexts({
      protocol: 'TCP',
      address: rig.address('VIP'),
      port: 80,
      method: 'Masq',
      servers: [{address: rig.address('RIP1'), port: 8080, counts: own, active: 1}],
    }),
    'ipvsadm-Lnc': entriesText(`TCP 14:58 ESTABLISHED ${ends}`),
    'ipvsadm-Lnc-at': `${rig.time + 1_000_000_000n}\n`,
    sysctl: 'net.ipv4.vs.drop_entry = 0\nnet.ipv4.vs.run_estimation = 1\n',
  };
  rig.says(change(texts, rig));
  return rig.judged();
}
const failuresOf = ({checks}: Judgement): readonly string[] =>
  checks.flatMap(({id, failures}) => failures.map(({field}) => `${id} ${field}`));

test('a director that counted what the packets show passes', t => {
  const judgement = made(texts => texts);
  t.deepEqual(failuresOf(judgement), []);
  t.is(judgement.verdict, 'PASS', judgement.reasons.join('\n'));
  for (const id of ['configured.director', 'agreement.director', 'table.director', 'entries'])
    t.true(judgement.checks.some(check => check.id === id && check.judged > 0));
});

const fields = ['connections', 'packetsIn', 'packetsOut', 'bytesIn', 'bytesOut'];
for (const [i, field] of fields.entries()) {
  const changed = (by: number): Counts => counts.with(i, (counts[i] ?? 0) + by);
  test(`${field}, one too few, is a failure`, t => {
    const judgement = made(texts => texts, changed(-1));
    t.is(judgement.verdict, 'FAIL');
    t.true(failuresOf(judgement).includes(`agreement.director ipvs.${field}`));
  });
  test(`${field}, one too many, is inconclusive`, t => {
    t.is(made(texts => texts, changed(1)).verdict, 'INCONCLUSIVE');
  });
}

test('sums that stand still with run_estimation=0 are not judged, and the check says so', t => {
  const {verdict, checks, reasons} = made(texts => ({
    ...texts,
    sysctl: 'net.ipv4.vs.drop_entry = 0\nnet.ipv4.vs.run_estimation = 0\n',
    'ipvsadm-stats':
      texts['ipvsadm-stats']?.replaceAll(/(?<=:80\d*)( +\d+)+$/gm, '  0  0  0  0  0') ?? '',
    'ipvsadm-stats-state': 'stopped\n',
  }));
  t.is(verdict, 'PASS', reasons.join('\n'));
  t.regex(checks.find(({id}) => id === 'agreement.director')?.title ?? '', /run_estimation=0/);
});

const fails = test.macro((t, change: (texts: Texts, rig: ExchangeRig) => Texts, check: string) => {
  const judgement = made(change);
  t.is(judgement.verdict, 'FAIL', judgement.reasons.join('\n'));
  t.true(failuresOf(judgement).includes(check), failuresOf(judgement).join('\n'));
});
const replaced = (name: string, from: RegExp, to: string) => (texts: Texts) => ({
  ...texts,
  [name]: (texts[name] ?? '').replace(from, to),
});
test('another scheduler', fails, replaced('ipvsadm-Sn', /rr/, 'wrr'), 'configured.director table');
test('another weight', fails, replaced('ipvsadm-Sn', /-w 1/, '-w 2'), 'configured.director table');
test('another method', fails, replaced('ipvsadm-Sn', /-m/, '-g'), 'configured.director table');
test('no rules', fails, replaced('ipvsadm-Sn', /[^]*/, ''), 'configured.director table');
test('another port', fails, replaced('ipvsadm-Ln', /8080/, '8081'), 'configured.director table');
test(
  'another weight in /proc',
  fails,
  replaced('ip-vs', /Masq {2}1/, 'Masq  2'),
  'table.director table',
);
test(
  'another real server',
  fails,
  replaced('ipvsadm-Lnc', /:8080/, ':8081'),
  'entries entry.destination',
);
test('no entry', fails, replaced('ipvsadm-Lnc', /^TCP.*\n/m, ''), 'table.director table.active');

test('an entry that can have ended may be gone', t => {
  const gone = (at: bigint) =>
    made((texts, rig) => ({
      ...texts,
      'ipvsadm-Lnc': entriesText(),
      'ipvsadm-Ln': (texts['ipvsadm-Ln'] ?? '').replace(/ 1 ( +\d+)$/m, ' 0 $1'),
      'ip-vs': (texts['ip-vs'] ?? '').replace(/ 1 ( +\d+)$/m, ' 0 $1'),
      'ipvsadm-Lnc-at': `${rig.time + at}\n`,
    }));
  t.deepEqual(failuresOf(gone(9_000_000_000n)), ['entries entry']);
  t.deepEqual(failuresOf(gone(20_000_000_000n)), []);
});

test('an entry of which no capture has a packet makes it inconclusive', t => {
  const {verdict, reasons} = made((texts, rig) => {
    const ends = [end(rig, 'CIP', 4001), end(rig, 'VIP', 80), end(rig, 'RIP1', 8080)].join(' ');
    return {
      ...texts,
      'ipvsadm-Lnc': `${texts['ipvsadm-Lnc']}TCP 00:58 FIN_WAIT ${ends}\n`,
      'ipvsadm-Ln': (texts['ipvsadm-Ln'] ?? '').replace(/0$/m, '1'),
      'ip-vs': (texts['ip-vs'] ?? '').replace(/0$/m, '1'),
    };
  });
  t.is(verdict, 'INCONCLUSIVE');
  t.regex(reasons.join('\n'), /4001 .* of which no capture has a packet/);
});
