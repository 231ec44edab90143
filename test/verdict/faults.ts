import test from 'ava';
import type {Verdict} from '../../src/verdict/types.ts';
import type {Change} from '../../src/wire/patch.ts';
import {goodRun} from '../support/good-run.ts';
import {legsOf, linkOf, type Mode} from '../support/legs.ts';
import type {Rig} from '../support/rig.ts';

/** A fault in a good run, the verdict that it must get, and a field and a claim that the failures must name. */
interface Fault {
  readonly mode: Mode;
  readonly spoil: (rig: Rig) => void;
  readonly verdict: Verdict;
  readonly field?: string;
  readonly claim?: string;
  readonly reason?: RegExp;
}

const fault = test.macro<[Fault]>({
  exec(t, {mode, spoil, verdict, field, claim, reason}) {
    const rig = goodRun(mode);
    spoil(rig);
    const judgement = rig.judge();
    const fields = judgement.checks.flatMap(check => check.failures.map(one => one.field));
    t.is(judgement.verdict, verdict, `${fields.join(' ')} ${judgement.reasons.join('; ')}`);
    if (field !== undefined) t.true(fields.includes(field), fields.join(' '));
    if (claim !== undefined)
      t.is(judgement.claims.find(({id}) => id === claim)?.verdict, verdict, claim);
    if (reason === undefined) t.is(judgement.reasons.length > 0, verdict === 'INCONCLUSIVE');
    else t.regex(judgement.reasons.join('; '), reason);
  },
  title: (name, {mode, verdict, field}) =>
    `${mode}: ${name ?? ''} is ${verdict}${field === undefined ? '' : `, ${field}`}`,
});

const director = {
  dr: 'director eth0',
  ipip: 'director eth0',
  fullnat: 'director eth0',
  nat: 'director eth1',
};
const mac = (rig: Rig, from: string, to: string): string =>
  linkOf(rig.topology, from, to).sender.mac;

/** Changes the first SYN that the director sent on, in the captures named. */
const alterSyn =
  (
    places: readonly ('sender' | 'receiver')[],
    change: (rig: Rig) => Change,
    options?: {checksums: 'fix' | 'keep'},
  ) =>
  (rig: Rig): void => {
    const mode = rig.mode === 'nat' || rig.mode === 'dr' ? rig.mode : 'dr';
    const nth = mode === 'dr' ? 2 : 1;
    const at = {sender: director[mode], receiver: 'rs1 eth0'};
    for (const place of places)
      rig.alter(
        [at[place]],
        rig.find(at[place], '[S]', place === 'sender' ? nth : 1),
        change(rig),
        options,
      );
  };

const otherMac = (rig: Rig): Change => ({destinationMac: mac(rig, 'rs2', 'director')});
const nobodysMac = (): Change => ({destinationMac: '02:ff:ff:ff:ff:ff'});
const eth = {verdict: 'FAIL', field: 'eth.dst', claim: 'DR1'} as const;
test("rs2's MAC at the receiver", fault, {
  mode: 'dr',
  spoil: alterSyn(['receiver'], otherMac),
  ...eth,
});
test("rs2's MAC at the sender", fault, {mode: 'dr', spoil: alterSyn(['sender'], otherMac), ...eth});
test("rs2's MAC at both ends", fault, {
  mode: 'dr',
  spoil: alterSyn(['sender', 'receiver'], otherMac),
  ...eth,
});
test('a MAC of nobody at the receiver', fault, {
  mode: 'dr',
  spoil: alterSyn(['receiver'], nobodysMac),
  ...eth,
});
test('a MAC of nobody at the sender', fault, {
  mode: 'dr',
  spoil: alterSyn(['sender'], nobodysMac),
  ...eth,
});
test('a MAC of nobody at both ends', fault, {
  mode: 'dr',
  spoil: alterSyn(['sender', 'receiver'], nobodysMac),
  ...eth,
});
for (const places of [['sender'], ['receiver'], ['sender', 'receiver']] as const) {
  const where = places.join(' and ');
  test(`a source MAC of the router at ${where}`, fault, {
    mode: 'dr',
    spoil: alterSyn(places, rig => ({sourceMac: mac(rig, 'router', 'director')})),
    verdict: 'FAIL',
    field: 'eth.src',
    claim: 'DR1',
  });
  test(`RIP for VIP at ${where}`, fault, {
    mode: 'dr',
    spoil: alterSyn(places, rig => ({destination: rig.address('RIP1')})),
    verdict: 'FAIL',
    field: 'ip.dst',
    claim: 'DR1',
  });
  test(`DIP for CIP at ${where}`, fault, {
    mode: 'nat',
    spoil: alterSyn(places, rig => ({source: rig.address('DIP')})),
    verdict: 'FAIL',
    field: 'ip.src',
    claim: 'NAT1',
  });
  for (const field of ['tcp.srcport', 'tcp.dstport'])
    test(`swapped ports at ${where}`, fault, {
      mode: 'nat',
      spoil: alterSyn(places, () => ({sourcePort: 8080, destinationPort: 40_000})),
      verdict: 'FAIL',
      field,
      claim: 'NAT1',
    });
  test(`another TTL at ${where}`, fault, {
    mode: 'nat',
    spoil: alterSyn(places, () => ({ttl: 63})),
    verdict: 'FAIL',
    field: 'ip.ttl',
    claim: 'NAT1',
  });
  test(`another TTL with the old checksum at ${where}`, fault, {
    mode: 'nat',
    spoil: alterSyn(places, () => ({ttl: 63}), {checksums: 'keep'}),
    verdict: 'FAIL',
    field: 'ip.ttl',
    claim: 'NAT1',
  });
}

/** One more packet of the first connection, on a way that `bend` makes of the right one. */
const astray =
  (
    bend: (legs: ReturnType<typeof legsOf>) => ReturnType<typeof legsOf>,
    direction: 'request' | 'reply' = 'request',
  ) =>
  (rig: Rig): void =>
    rig.send(bend(legsOf(rig.route('rs1', 40_000), direction)), {
      id: 777,
      protocol: 'tcp',
      flags: '.',
      ...(direction === 'request'
        ? {sequence: 280_012, acknowledgement: 780_001}
        : {sequence: 780_001, acknowledgement: 280_001}),
    });

test('a packet that is not wrapped', fault, {
  mode: 'ipip',
  spoil: astray(legs => legs.map(leg => ({...leg, tunnel: undefined}))),
  verdict: 'FAIL',
  field: 'encapsulation',
  claim: 'TUN1',
});
test('a packet wrapped in GRE', fault, {
  mode: 'ipip',
  spoil: astray(legs =>
    legs.map(leg =>
      leg.tunnel === undefined ? leg : {...leg, tunnel: {...leg.tunnel, kind: 'gre'}},
    ),
  ),
  verdict: 'FAIL',
  field: 'encapsulation',
  claim: 'TUN1',
});
test('an outer packet to the other real server', fault, {
  mode: 'ipip',
  spoil: rig =>
    astray(legs =>
      legs.map(leg =>
        leg.tunnel === undefined
          ? leg
          : {...leg, tunnel: {...leg.tunnel, destination: rig.address('RIP2')}},
      ),
    )(rig),
  verdict: 'FAIL',
  field: 'outer.ip.dst',
  claim: 'TUN1',
});
test('a reply that is wrapped', fault, {
  mode: 'ipip',
  spoil: rig =>
    astray(
      legs =>
        legs.map(leg => ({
          ...leg,
          tunnel: {kind: 'ipip', source: rig.address('RIP1'), destination: rig.address('CIP')},
        })),
      'reply',
    )(rig),
  verdict: 'FAIL',
  field: 'encapsulation',
  claim: 'TUN3',
});
test('a request past the director', fault, {
  mode: 'dr',
  spoil: astray(([a, b, c]) =>
    a === undefined || b === undefined || c === undefined ? [] : [a, {...b, to: 'rs1'}],
  ),
  verdict: 'FAIL',
  field: 'eth.dst',
  claim: 'DR2',
});
test('a request that the director gave to the other real server', fault, {
  mode: 'dr',
  spoil: astray(legs => legs.map((leg, i) => (i === 2 ? {...leg, to: 'rs2'} : leg))),
  verdict: 'FAIL',
  field: 'eth.dst',
  claim: 'DR1',
});
test('a request that ends at the director', fault, {
  mode: 'dr',
  spoil: astray(legs => legs.slice(0, 2)),
  verdict: 'FAIL',
  field: 'path',
  claim: 'DR1',
});
test('hops in another order', fault, {
  mode: 'fullnat',
  spoil: astray(legs => {
    const [a, b, c, d] = legs;
    return a === undefined || b === undefined || c === undefined || d === undefined
      ? []
      : [a, {...d, from: 'router', to: 'rs1'}];
  }),
  verdict: 'FAIL',
  field: 'eth.dst',
});
test('a path that goes on', fault, {
  mode: 'dr',
  spoil: astray(legs => [
    ...legs,
    ...legs.slice(-1).map(leg => ({...leg, from: 'rs1', to: 'router', ttl: 61})),
  ]),
  verdict: 'FAIL',
  field: 'path',
});
test('a reply through the director', fault, {
  mode: 'dr',
  spoil: astray(
    legs =>
      legs.flatMap((leg, i) =>
        i === 0
          ? [
              {...leg, to: 'director'},
              {...leg, from: 'director', ttl: 63},
            ]
          : [{...leg, ttl: 62}],
      ),
    'reply',
  ),
  verdict: 'FAIL',
  field: 'never',
  claim: 'DR2',
});

/** A copy of a reply as rs1 sent it, put into the director's capture. */
const addReply =
  (
    after: bigint,
    count: boolean,
    change: (bytes: Buffer, rig: Rig) => Uint8Array = bytes => bytes,
  ) =>
  (rig: Rig): void => {
    const number = rig.find('rs1 eth0', '[S.]');
    const frame = rig.frames.get('rs1 eth0')?.[number - 1];
    if (!count) rig.record('director eth0');
    if (frame !== undefined)
      rig.add('director eth0', change(Buffer.from(frame.bytes), rig), frame.time + after);
  };
const never = {verdict: 'FAIL', field: 'never', claim: 'DR2'} as const;
test('a reply that was flooded to the director', fault, {
  mode: 'dr',
  spoil: addReply(20_000n, true),
  ...never,
});
test("a reply added to the director's file, its count untouched", fault, {
  mode: 'dr',
  spoil: addReply(20_000n, false),
  ...never,
});
test('a reply seen at the director long after', fault, {
  mode: 'dr',
  spoil: addReply(5_000_000_000n, true),
  ...never,
});
test('a reply of the other network at the director', fault, {
  mode: 'dr',
  spoil: rig => {
    const frame = rig.frames.get('client eth0')?.[rig.find('client eth0', '[S.]') - 1];
    if (frame !== undefined) rig.add('director eth0', frame.bytes, frame.time);
  },
  ...never,
});
test('a request flooded to the other real server', fault, {
  mode: 'dr',
  spoil: rig => {
    const frame = rig.frames.get('rs1 eth0')?.[rig.find('rs1 eth0', '[S]') - 1];
    if (frame !== undefined) rig.add('rs2 eth0', frame.bytes, frame.time);
  },
  verdict: 'FAIL',
  field: 'path',
  claim: 'DR1',
});
test('a request with CIP at a real server', fault, {
  mode: 'fullnat',
  spoil: rig =>
    astray(legs =>
      legs.map((leg, i) =>
        i >= 2 ? {...leg, source: rig.address('CIP'), sourcePort: 40_000} : leg,
      ),
    )(rig),
  verdict: 'FAIL',
  field: 'never',
  claim: 'FN4',
});

/** The answer of a small run, at every place of its way: no other packet has its data. */
const alterAnswer =
  (change: Change) =>
  (rig: Rig): void => {
    for (const place of ['rs1 eth0', 'router eth1', 'router eth0', 'client eth0'])
      rig.alter([place], rig.find(place, '[P.]', 2), change);
  };
for (const change of [
  {destinationPort: 40_001},
  {destinationPort: 9},
  {source: '192.0.2.77'},
  {destination: '192.0.2.77'},
  {sourcePort: 81},
])
  test(`data that all captures have, as ${JSON.stringify(change)}, is no loss`, fault, {
    mode: 'dr',
    spoil: alterAnswer(change),
    verdict: 'FAIL',
    field: 'path',
  });
