import test from 'ava';
import {entries, exchange, packet} from '../../../src/lab/define.ts';
import {ExchangeRig} from '../../support/exchange-rig.ts';

/** A datagram to a real server, whose refusal comes to the client with both headers rewritten. */
const {spec} = exchange({
  title: 'port unreachable through NAT',
  claims: [],
  topology: 'two-arm-nat',
  service: {protocol: 'udp', vip: 'VIP', port: 5300, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 5353}],
  steps: [
    packet({
      from: 'client',
      ip: 'CIP > VIP',
      udp: {ports: '4000 > 5300'},
      payload: 'question',
      path: [
        'client > router',
        'router > director',
        {link: 'director > rs1', ip: 'CIP > RIP1', ports: '4000 > 5353'},
      ],
    }),
    packet({
      from: 'rs1',
      ip: 'RIP1 > CIP',
      icmp: {
        type: 3,
        code: 3,
        quotes: {ip: 'CIP > RIP1', ttl: 62, udp: {ports: '4000 > 5353'}, payload: 'question'},
      },
      path: [
        'rs1 > director',
        {
          link: 'director > router',
          ip: 'VIP > CIP',
          quotes: {ip: 'CIP > VIP', ports: '4000 > 5300'},
        },
        'router > client',
      ],
    }),
    entries([{client: 'CIP:4000', virtual: 'VIP:5300', server: 'RIP1:5353', state: 'UDP'}]),
  ],
  counter: [],
});
const behindNat = ['director eth0', 'router eth1'];

test('an error whose quote was rewritten as it should be passes', t => {
  const {verdict, reasons} = new ExchangeRig(spec).judged();
  t.is(verdict, 'PASS', reasons.join('\n'));
});

const wrong = test.macro((t, change: object, field: string) => {
  const rig = new ExchangeRig(spec);
  const number = (rig.frames.get('director eth0') ?? []).length;
  rig.alter(behindNat, number, change, {quoted: true});
  const {verdict, checks} = rig.judged();
  t.is(verdict, 'FAIL');
  const fields = checks.flatMap(({failures}) => failures.map(failure => failure.field));
  t.true(fields.includes(field), fields.join('\n'));
});
test('the quoted source port was not left alone', wrong, {sourcePort: 4001}, 'quoted.srcport');
test(
  'the quoted destination is the real server still',
  wrong,
  {destination: '203.0.113.21', destinationPort: 5353},
  'quoted.ip.dst',
);
