import test from 'ava';
import {traceRun} from '../../src/trace/run.ts';
import type {Path, Trace} from '../../src/trace/types.ts';
import {build, type Layer} from '../../src/wire/build.ts';
import {quote} from '../../src/wire/fragment.ts';
import {goodRun} from '../support/good-run.ts';
import {linkOf} from '../support/legs.ts';
import type {Rig} from '../support/rig.ts';

const trace = (rig: Rig): Trace => traceRun(rig.topology, rig.captures());

/** An IPv4 packet over one link after the other; each has its layers below Ethernet and what they carry. */
function carry(
  rig: Rig,
  ...hops: readonly (readonly [string, string, readonly Layer[], Uint8Array])[]
): void {
  for (const [from, to, layers, payload] of hops) {
    const {sender, receiver} = linkOf(rig.topology, from, to);
    const ethernet: Layer = {kind: 'ethernet', source: sender.mac, destination: receiver.mac};
    rig.see(
      build([ethernet, ...layers], payload),
      `${from} ${sender.name}`,
      `${to} ${receiver.name}`,
    );
  }
}

const words = ({origin, crossings, rewrites}: Path): unknown => [
  origin,
  crossings.length,
  rewrites.map(list => list.map(({field}) => field).filter(field => !field.startsWith('eth.'))),
];

/** Port unreachable from rs1 for a datagram of a NAT connection; `behind` bytes of the quote come after its IP header. */
function unreachable(rig: Rig, behind?: number): void {
  const [cip, vip, rip] = ['CIP', 'VIP', 'RIP1'].map(name => rig.address(name));
  const asked = (destination = '', destinationPort = 0, ttl = 0): Uint8Array =>
    quote(
      build(
        [
          {kind: 'ipv4', source: cip ?? '', destination, ttl, id: 50},
          {kind: 'udp', sourcePort: 40_000, destinationPort},
        ],
        Buffer.from('question'),
      ),
      behind,
    );
  const error = (source = '', ttl = 64): readonly Layer[] => [
    {kind: 'ipv4', source, destination: cip ?? '', ttl, id: 9},
    {kind: 'icmp', type: 3, code: 3},
  ];
  carry(
    rig,
    ['rs1', 'director', error(rip, 64), asked(rip, 8080, 62)],
    ['director', 'router', error(vip, 63), asked(vip, 80, 62)],
    ['router', 'client', error(vip, 62), asked(vip, 80, 62)],
  );
}

const belongs = test.macro({
  exec(t, behind: number | undefined) {
    const rig = goodRun('nat', 'v4', 'udp', 2);
    const before = trace(rig);
    unreachable(rig, behind);
    const {flows, other, ambiguities} = trace(rig);
    t.deepEqual(ambiguities, []);
    t.is(other.length, before.other.length);
    t.deepEqual(
      flows.map(({paths}) => paths.length),
      [2, 2],
    );
    t.deepEqual(
      flows.map(({errors}) => errors.map(words)),
      [
        [
          [
            'rs1',
            3,
            [
              ['ip.src', 'ip.ttl', 'quote.ip.dst', ...(behind === 4 ? [] : ['quote.udp.dstport'])],
              ['ip.ttl'],
            ],
          ],
        ],
        [],
      ],
    );
  },
  title: name => `an ICMP error is followed through NAT and belongs to what it quotes: ${name}`,
});
test('the whole packet', belongs, undefined);
test('its header and eight bytes', belongs, 8);
test('its header and its ports alone', belongs, 4);

test('an ICMP error that quotes no ports is followed, in a flow of its own', t => {
  const rig = goodRun('nat', 'v4', 'udp', 1);
  unreachable(rig, 0);
  const {flows} = trace(rig);
  t.deepEqual(
    flows.map(({paths, errors, tuple}) => [paths.length, errors.length, tuple.protocol]),
    [
      [2, 0, 17],
      [0, 1, 1],
    ],
  );
});

test('an error for a packet of which nothing else was seen is a flow without paths', t => {
  const rig = goodRun('nat', 'v4', 'udp', 0);
  unreachable(rig);
  const {flows} = trace(rig);
  t.deepEqual(
    flows.map(({paths, errors, tuple, origin}) => [paths.length, errors.length, tuple, origin]),
    [
      [
        0,
        1,
        {
          protocol: 17,
          source: rig.address('RIP1'),
          sourcePort: 8080,
          destination: rig.address('CIP'),
          destinationPort: 40_000,
        },
        'rs1',
      ],
    ],
  );
});

test('echoes of one id are a flow, each of its messages a path', t => {
  const rig = goodRun('dr', 'v4', 'tcp', 1);
  const [cip, rip] = [rig.address('CIP'), rig.address('RIP1')];
  for (const sequence of [1, 2]) {
    const echo = (type: number, ttl: number): readonly Layer[] => [
      {
        kind: 'ipv4',
        source: type === 8 ? cip : rip,
        destination: type === 8 ? rip : cip,
        ttl,
        id: 70 + sequence,
      },
      {kind: 'icmp', type, rest: 0x1234_0000 + sequence},
    ];
    const data = Buffer.from('ping');
    carry(rig, ['client', 'router', echo(8, 64), data], ['router', 'rs1', echo(8, 63), data]);
    carry(rig, ['rs1', 'router', echo(0, 64), data], ['router', 'client', echo(0, 63), data]);
  }
  const flow = trace(rig).flows[1];
  t.deepEqual(flow?.tuple, {
    protocol: 1,
    source: cip,
    sourcePort: 0x1234,
    destination: rip,
    destinationPort: 0x1234,
  });
  t.deepEqual(
    flow?.paths.map(({origin, crossings}) => [origin, crossings.length]),
    [
      ['client', 2],
      ['rs1', 2],
      ['client', 2],
      ['rs1', 2],
    ],
  );
  t.deepEqual(flow?.errors, []);
});
