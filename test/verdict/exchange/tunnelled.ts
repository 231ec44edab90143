import test from 'ava';
import {exchange, packet} from '../../../src/lab/define.ts';
import type {PacketFields} from '../../../src/lab/exchange/types.ts';
import type {Judgement, Verdict} from '../../../src/verdict/types.ts';
import {ExchangeRig} from '../../support/exchange-rig.ts';
import {entriesText, ipvsTexts} from '../../support/ipvs-texts.ts';

const quotes = {
  ip: ['DIP > RIP1', 'CIP > VIP'],
  tcp: {ports: '4000 > 80', flags: 'S'},
  behind: 28,
};
type Quotes = PacketFields & {readonly behind?: number};
const tooLarge = {type: 3, code: 4, mtu: 1400};

/** An error of the real server about a packet in the tunnel, which the director tells the client of, or not. */
const specOf = (icmp: {type: number; code: number; mtu?: number}, own: Quotes, isTold: boolean) =>
  exchange({
    title: 'an error about a packet in the tunnel',
    claims: [],
    topology: 'remote-real-servers',
    service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
    realServers: [{node: 'rs1', forward: 'tunnel', tunnel: {type: 'ipip'}}],
    steps: [
      packet({
        from: 'rs1',
        ip: 'RIP1 > DIP',
        icmp: {...icmp, quotes: own},
        path: ['rs1 > router', 'router > director'],
        causes: isTold
          ? [
              {
                ip: 'VIP > CIP',
                icmp: {...icmp, mtu: icmp.mtu === undefined ? 0 : icmp.mtu - 20},
                length: 56,
                path: ['director > router', 'router > client'],
              },
            ]
          : [],
      }),
    ],
    counter: [],
  }).spec;

/** What the director says that it counted as out: packets and bytes. */
function counting(rig: ExchangeRig, packets: number, bytes: number): Judgement {
  const virtual = rig.address('VIP');
  rig.says({
    ...ipvsTexts({
      protocol: 'TCP',
      address: virtual,
      port: 80,
      method: 'Tunnel',
      servers: [{address: rig.address('RIP1'), port: 80, counts: [0, 0, packets, 0, bytes]}],
    }),
    'ipvsadm-Lnc': entriesText(),
    'ipvsadm-Lnc-at': `${rig.time + 1_000_000_000n}\n`,
    sysctl: 'net.ipv4.vs.drop_entry = 0\nnet.ipv4.vs.run_estimation = 1\n',
  });
  return rig.judged();
}
const fieldsOf = ({checks}: Judgement): readonly string[] =>
  checks.flatMap(({failures}) => failures.map(({field}) => field));

const hostUnreachable = () => new ExchangeRig(specOf({type: 3, code: 1}, quotes, true));

test('what the client is told counts twice: as what was quoted in the tunnel, and as the error', t => {
  const {verdict, reasons} = counting(hostUnreachable(), 2, 28 + 56);
  t.is(verdict, 'PASS', reasons.join('\n'));
  t.is(
    counting(new ExchangeRig(specOf(tooLarge, quotes, true)), 2, 28 + 56).verdict,
    'PASS',
    'fragmentation needed',
  );
});

const miscounted = test.macro((t, packets: number, bytes: number, verdict: Verdict) => {
  t.is(counting(hostUnreachable(), packets, bytes).verdict, verdict);
});
test('a packet that is not counted is a failure', miscounted, 1, 28 + 56, 'FAIL');
test('a byte that is not counted is a failure', miscounted, 2, 28 + 55, 'FAIL');
test('a packet more than was seen is inconclusive', miscounted, 3, 28 + 56, 'INCONCLUSIVE');
test('a byte more than was seen is inconclusive', miscounted, 2, 28 + 57, 'INCONCLUSIVE');

/** The counters of an error that the client is not told of. */
const silent = test.macro(
  (
    t,
    icmp: {type: number; code: number},
    own: Quotes,
    [packets, bytes]: number[],
    verdict: Verdict,
  ) => {
    const rig = new ExchangeRig(specOf(icmp, own, false));
    const judgement = counting(rig, packets ?? 0, bytes ?? 0);
    t.is(judgement.verdict, verdict, judgement.reasons.join('\n'));
  },
);
const noDf = {...quotes, df: false};
const ofClient = {...quotes, ip: ['DIP > RIP1', 'VIP > CIP']};
test('a packet without DF has no use for an MTU', silent, tooLarge, noDf, [0, 0], 'PASS');
test('nor is that counted', silent, tooLarge, noDf, [1, 28], 'INCONCLUSIVE');
const short = {...quotes, behind: 23};
test('a quote that ends before the ports', silent, {type: 3, code: 1}, short, [0, 0], 'PASS');
test('is not counted', silent, {type: 3, code: 1}, short, [1, 23], 'INCONCLUSIVE');
const cut = {...quotes, behind: 12};
test('a quote that ends in the header', silent, {type: 3, code: 1}, cut, [0, 0], 'PASS');
test(
  'what is not for the service is not counted',
  silent,
  {type: 3, code: 1},
  ofClient,
  [1, 28],
  'INCONCLUSIVE',
);
// The kernel's rate limit may keep it from being sent.
test('what is not sent may count', silent, {type: 11, code: 0}, quotes, [1, 28], 'PASS');
test('or not', silent, {type: 11, code: 0}, quotes, [0, 0], 'PASS');
test('as no more', silent, {type: 11, code: 0}, quotes, [1, 29], 'INCONCLUSIVE');

const places = ['director eth0', 'router eth1'];
const altered = test.macro((t, change: object, field: string) => {
  const rig = hostUnreachable();
  const number = (rig.frames.get('director eth0') ?? []).length;
  rig.alter(places, number, change, {quoted: true});
  const judgement = rig.judged();
  t.is(judgement.verdict, 'FAIL');
  t.true(fieldsOf(judgement).includes(field), fieldsOf(judgement).join('\n'));
});
test('what is handed on with another address', altered, {source: '192.0.2.11'}, 'quoted.ip.src');
test('what is handed on with another TTL', altered, {ttl: 63}, 'quoted');
