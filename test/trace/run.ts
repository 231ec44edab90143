import test from 'ava';
import {allPaths, partsOf, sightingsOf} from '../../src/trace/essence.ts';
import {traceRun} from '../../src/trace/run.ts';
import type {InterfaceCapture, Trace} from '../../src/trace/types.ts';
import {build} from '../../src/wire/build.ts';
import type {Frame} from '../../src/wire/types.ts';
import {goodRun} from '../support/good-run.ts';
import {legsOf, linkOf, modes, type Leg, type Mode} from '../support/legs.ts';
import {Rig} from '../support/rig.ts';

const trace = (rig: Rig): Trace => traceRun(rig.topology, rig.captures());

/** Each frame of the input by its place, as often as the trace has it. */
function placesOf({flows, other}: Trace): string[] {
  const paths = flows.flatMap(allPaths);
  return [
    ...paths.flatMap(path => path.crossings.flatMap(partsOf).flatMap(sightingsOf)),
    ...paths.flatMap(path => path.delivered),
    ...other.flatMap(sightingsOf),
  ]
    .map(({node, interface: name, frame}) => `${node} ${name} ${frame.number}`)
    .toSorted();
}

const everyFrame = (captures: readonly InterfaceCapture[]): string[] =>
  captures
    .flatMap(({node, interface: name, frames}) =>
      [...frames].map(({number}) => `${node} ${name} ${number}`),
    )
    .toSorted();

const complete = test.macro({
  exec(t, mode: Mode, spoil: (rig: Rig) => void) {
    const rig = goodRun(mode);
    spoil(rig);
    t.deepEqual(placesOf(trace(rig)), everyFrame(rig.captures()));
  },
  title: (name, mode) => `${mode}: every frame of ${name ?? ''} is in exactly one place`,
});
for (const mode of modes) {
  test('a good run', complete, mode, () => undefined);
  test('a run with losses', complete, mode, rig => {
    for (const place of ['client eth0', 'director eth0', 'rs1 eth0'])
      for (let i = 0; i < 5; i++) rig.remove(place, 3 + i * 2);
  });
  test('a run with equal times', complete, mode, rig => {
    for (const [place, frames] of rig.frames)
      rig.frames.set(
        place,
        frames.map(frame => ({...frame, time: 1n})),
      );
  });
  test('a run with random bytes', complete, mode, rig => {
    // A small linear congruential generator: the same bytes in every run of the test.
    let seed = 1;
    const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31);
    for (const [place, frames] of rig.frames)
      rig.frames.set(
        place,
        frames.map(frame => {
          if (random() % 3 > 0) return frame;
          const bytes = Buffer.from(frame.bytes);
          const at = random() % bytes.length;
          bytes[at] = random() % 256;
          return {...frame, bytes};
        }),
      );
  });
}
test('orphans on a tunnel device', complete, 'ipip', rig => {
  for (const place of ['rs1 eth0', 'router eth2']) rig.frames.set(place, []);
});

const follows = test.macro({
  exec(t, mode: Mode, request: readonly string[], reply: readonly string[]) {
    const {flows, ambiguities} = trace(goodRun(mode, 'v4', 'tcp', 1));
    t.deepEqual(ambiguities, []);
    t.is(flows.length, 1);
    const [syn, synAck] = flows[0]?.paths ?? [];
    const words = (path: typeof syn): string[] =>
      (path?.rewrites ?? []).map(list =>
        list
          .filter(({field}) => !field.startsWith('eth.'))
          .map(({field, before, after}) => `${field} ${before} -> ${after}`)
          .join(', '),
      );
    t.is(syn?.origin, 'client');
    t.is(synAck?.origin, 'rs1');
    t.deepEqual(words(syn), [...request]);
    t.deepEqual(words(synAck), [...reply]);
    t.true(syn?.rewrites.every(list => list.some(({field}) => field === 'eth.dst')));
    t.is(syn?.delivered.length, ['ipip', 'gre', 'gue'].includes(mode) ? 1 : 0);
  },
  title: (_, mode) => `${mode}: a packet is followed to its end, and each rewrite has a name`,
});
const [hop64, hop63] = ['ip.ttl 64 -> 63', 'ip.ttl 63 -> 62'];
const hop62 = 'ip.ttl 62 -> 61';
test(follows, 'dr', [hop64, hop63], [hop64]);
test(
  follows,
  'nat',
  [hop64, `ip.dst 198.51.100.80 -> 203.0.113.21, ${hop63}, tcp.dstport 80 -> 8080`],
  [`ip.src 203.0.113.21 -> 198.51.100.80, ${hop64}, tcp.srcport 8080 -> 80`, hop63],
);
const wrapped = '198.51.100.2 > 203.0.113.21';
for (const mode of ['ipip', 'gre', 'gue'] as const)
  test(follows, mode, [hop64, `${hop63}, encapsulation none -> ${mode} ${wrapped}`, ''], [hop64]);
test(
  follows,
  'fullnat',
  [
    hop64,
    `ip.src 192.0.2.10 -> 198.51.100.2, ip.dst 198.51.100.80 -> 203.0.113.21, ${hop63}, tcp.srcport 40000 -> 41000`,
    hop62,
  ],
  [
    hop64,
    `ip.src 203.0.113.21 -> 198.51.100.80, ip.dst 198.51.100.2 -> 192.0.2.10, ${hop63}, tcp.dstport 41000 -> 40000`,
    hop62,
  ],
);

test('a packet that loops until its TTL is gone is one long path', t => {
  const rig = new Rig('dr', 'v4', 'tcp', 'remote-real-servers');
  const leg = {
    source: rig.address('CIP'),
    sourcePort: 1,
    destination: rig.address('VIP'),
    destinationPort: 80,
  };
  const way: Leg[] = [{...leg, from: 'client', to: 'router', ttl: 64}];
  for (let ttl = 63; ttl >= 1; ttl--)
    way.push({
      ...leg,
      ttl,
      ...(ttl % 2 === 1 ? {from: 'router', to: 'director'} : {from: 'director', to: 'router'}),
    });
  for (const sequence of [1, 1, 7])
    rig.send(way, {id: sequence, protocol: 'tcp', flags: 'S', sequence});
  const {flows, ambiguities} = trace(rig);
  t.deepEqual(ambiguities, []);
  t.deepEqual(
    flows.flatMap(flow => flow.paths.map(path => path.crossings.length)),
    [64, 64, 64],
  );
});

test('UDP echoes with the same content are packets of their own', t => {
  const rig = goodRun('dr', 'v6', 'udp', 0);
  const route = rig.route('rs1', 5000);
  for (let i = 0; i < 3; i++) {
    rig.send(legsOf(route, 'request'), {id: 0, protocol: 'udp', payload: 'echo'});
    rig.send(legsOf(route, 'reply'), {id: 0, protocol: 'udp', payload: 'echo'});
  }
  const {flows} = trace(rig);
  t.is(flows.length, 1);
  t.deepEqual(
    flows[0]?.paths.map(path => [path.origin, path.crossings.length]),
    [
      ['client', 3],
      ['rs1', 2],
      ['client', 3],
      ['rs1', 2],
      ['client', 3],
      ['rs1', 2],
    ],
  );
});

test('a port that is used again begins a new flow, and a repeated SYN does not', t => {
  const rig = goodRun('nat', 'v4', 'tcp', 2);
  rig.connect('rs1', 40_000, 900_000);
  rig.send(legsOf(rig.route('rs1', 40_000), 'request'), {
    id: 200,
    protocol: 'tcp',
    flags: 'S',
    sequence: 900_000,
  });
  t.deepEqual(
    trace(rig).flows.map(flow => flow.paths.length),
    [10, 10, 11],
  );
});

test('broadcasts are seen by others, and unicast only by its ends', t => {
  const rig = goodRun('dr', 'v4', 'tcp', 1);
  const {flows, other} = trace(rig);
  const request = other.find(({to}) => to === undefined);
  t.deepEqual(request?.others.map(({node}) => node).toSorted(), ['director', 'rs1', 'rs2']);
  t.is(request?.from, 'router');
  t.true(
    flows.every(flow =>
      flow.paths.every(path => path.crossings.every(({others}) => others.length === 0)),
    ),
  );
});

test('a frame that did not come from the node whose MAC it has is one, however long it took', t => {
  const rig = goodRun('dr', 'v4', 'tcp', 1);
  const places = ['rs1 eth0', 'router eth1'];
  const {mac} = linkOf(rig.topology, 'rs2', 'router').sender;
  for (const place of places) rig.alter([place], rig.find(place, '[S.]'), {sourceMac: mac});
  const late = rig.frames.get('router eth1') ?? [];
  const at = rig.find('router eth1', '[S.]') - 1;
  rig.frames.set(
    'router eth1',
    late.map((frame, i) => (i < at ? frame : {...frame, time: frame.time + 5_000_000n})),
  );
  const spoofed = trace(rig)
    .flows.flatMap(({paths}) => paths.flatMap(({crossings}) => crossings))
    .filter(({from}) => from === 'rs2');
  t.deepEqual(
    spoofed.map(({sent, received, others}) => [sent, received, ...others].map(one => one?.node)),
    [[undefined, 'router', 'rs1']],
  );
});

test('fragments that are not all of a packet follow the first, which alone has ports', t => {
  const rig = new Rig('dr');
  const {sender, receiver} = linkOf(rig.topology, 'client', 'router');
  const ethernet = {kind: 'ethernet', source: sender.mac, destination: receiver.mac} as const;
  const ip = {
    kind: 'ipv4',
    source: rig.address('CIP'),
    destination: rig.address('VIP'),
    id: 5,
    protocol: 17,
  } as const;
  const places = ['client eth0', 'router eth0'];
  rig.see(
    build(
      [
        ethernet,
        {...ip, moreFragments: true},
        {kind: 'udp', sourcePort: 7, destinationPort: 8, datagramLength: 40},
      ],
      Buffer.alloc(16),
    ),
    ...places,
  );
  rig.see(build([ethernet, {...ip, fragmentOffset: 32}], Buffer.alloc(8)), ...places);
  const {flows, other} = trace(rig);
  t.deepEqual(other, []);
  t.deepEqual(
    flows.map(flow => flow.paths.length),
    [2],
  );
});

test('a hundred thousand frames are followed in seconds', t => {
  const rig = goodRun('fullnat', 'v4', 'tcp', 1);
  const once = rig.captures();
  const per = once.reduce((sum, {frames}) => sum + frames.length, 0);
  const copies = Math.ceil(100_000 / per);
  const step = 1_000_000_000n;
  // The same bytes again and again, a second apart: the worst case for telling packets apart.
  const captures = once.map(capture => ({
    ...capture,
    frames: Array.from({length: copies}, (_, i) =>
      [...capture.frames].map((frame): Frame => ({
        ...frame,
        number: frame.number + i * capture.frames.length,
        time: frame.time + BigInt(i) * step,
      })),
    ).flat(),
  }));
  const start = process.cpuUsage();
  const result = traceRun(rig.topology, captures);
  const {user, system} = process.cpuUsage(start);
  t.deepEqual(placesOf(result).length, per * copies);
  t.true(result.flows.every(flow => flow.paths.every(path => path.crossings.length === 4)));
  t.log(`${per * copies} frames: ${(user + system) / 1e6} s of CPU`);
  t.true(user + system < 15_000_000);
});
