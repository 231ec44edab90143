import test from 'ava';
import {InputError} from '../../src/problem.ts';
import {build, type Layer} from '../../src/wire/build.ts';
import {decode, type DecodeOptions} from '../../src/wire/decode.ts';
import {printPacket} from '../../src/wire/print.ts';
import {header, hex, ip6, kinds, outer4, seeded, text, whole} from './support/frames.ts';
import {sequences} from './support/corpus-messages.ts';

const ip = {...outer4, destination: '224.0.0.81'};
const udp = {kind: 'udp', sourcePort: 50000, destinationPort: 8848} as const;
const connection = {
  client: '192.0.2.10',
  clientPort: 40312,
  virtual: '198.51.100.80',
  virtualPort: 80,
  destination: '203.0.113.21',
  destinationPort: 8080,
};
const connection6 = {
  ...connection,
  client: '2001:db8::a',
  virtual: '2001:db8::80',
  destination: '2001:db8::21',
};
const v0 = {kind: 'ipvs-sync', version: 0, connections: [connection]} as const;
const v1 = {...v0, version: 1} as const;
const read = (layers: readonly Layer[], payload?: Uint8Array, options?: DecodeOptions) =>
  decode(whole(build(layers, payload), 'raw'), options);

test('every field of version 1', t => {
  const parameters = [
    {type: 1, kind: 'sequences', ...sequences},
    {type: 0x42, kind: 'pe-data', data: hex('616263')},
    {type: 3, kind: 'pe-name', name: 'sip'},
    {type: 0x49, kind: 'other', data: hex('01')},
  ] as const;
  const full = {
    ...connection,
    protocol: 17,
    flags: 0x80001600,
    state: 5,
    fwmark: 0xdeadbeef,
    timeout: 900,
    parameters,
  };
  const packet = read([ip, udp, {...v1, syncId: 7, connections: [full, connection6]}]);
  t.is(kinds(packet), 'ipv4 udp ipvs-sync');
  const length = 36 + 26 + 5 + 5 + 3;
  t.deepEqual(header(packet, 'ipvs-sync'), {
    kind: 'ipvs-sync',
    offset: 28,
    length: 8,
    version: 1,
    syncId: 7,
    size: 8 + 76 + 72,
    count: 2,
    connections: [
      {...full, type: 0, version: 0, offset: 36, length},
      {
        ...connection6,
        type: 1,
        version: 0,
        offset: 36 + 76,
        length: 72,
        protocol: 6,
        flags: 0,
        state: 1,
        fwmark: 0,
        timeout: 0,
        parameters: [],
      },
    ],
  });
  t.deepEqual(packet.payload, {offset: 28, length: 8 + 76 + 72});
});

test('version 1 as the kernel lays it out, byte by byte', t => {
  const bytes = build([ip, udp, {...v1, syncId: 5, connections: [{...connection, flags: 0x100}]}]);
  t.is(
    text(bytes.subarray(28)),
    text(
      hex(`00 05 002c 01 01 0000
        00 06 0024 00000100 0001 9d78 0050 1f90 00000000 00000000 c000020a c6336450 cb007115`),
    ),
  );
});

test('every field of version 0, sequences as a little-endian CPU has them', t => {
  const full = {...connection, protocol: 17, flags: 0x0600, state: 4, sequences};
  const bytes = build([ip, udp, {...v0, syncId: 7, connections: [connection, full]}]);
  t.is(text(bytes.subarray(28, 32)), '0207004c');
  t.is(text(bytes.subarray(80, 84)), '04030201');
  const {connections, ...message} = header(decode(whole(bytes, 'raw')), 'ipvs-sync');
  t.deepEqual(message, {
    kind: 'ipvs-sync',
    offset: 28,
    length: 4,
    version: 0,
    syncId: 7,
    size: 76,
    count: 2,
  });
  t.deepEqual<unknown, unknown>(connections, [
    {...connection, offset: 32, length: 24, protocol: 6, flags: 0, state: 1},
    {...full, offset: 56, length: 48},
  ]);
});

test('only the given ports are sync messages, and only to a multicast group', t => {
  t.is(kinds(read([{...ip, destination: '239.1.2.3'}, udp, v1])), 'ipv4 udp ipvs-sync');
  const group6 = {...ip6, destination: 'ff05::51'};
  t.is(kinds(read([group6, udp, {...v1, connections: [connection6]}])), 'ipv6 udp ipvs-sync');
  t.is(kinds(read([outer4, udp, v1])), 'ipv4 udp');
  t.is(kinds(read([ip6, udp, v1])), 'ipv6 udp');
  const second = {...udp, destinationPort: 8849};
  t.is(kinds(read([ip, second, v1])), 'ipv4 udp');
  t.is(kinds(read([ip, second, v1], undefined, {syncPorts: [8849]})), 'ipv4 udp ipvs-sync');
});

const stops = test.macro((t, message: string, kept: number, reason: string, offset: number) => {
  const packet = read([ip, udp], hex(message));
  t.is(header(packet, 'ipvs-sync').connections.length, kept);
  t.deepEqual(packet.stop, {reason: `ipvs sync ${reason}`, offset});
});
const head = (count: string) => `00 05 0000 ${count} 01 0000`;
const one = '00 06 0024 00000100 0001 9d78 0050 1f90 00000000 00000000 c000020a c6336450 cb007115';
const sized = (size: string) => one.replace('0024', size);
test(
  'fewer connections than it says',
  stops,
  `${head('03')} ${one} 00 06`,
  1,
  'connection 2 of 3 needs 4 bytes, 2 are there',
  72,
);
test(
  'a connection longer than the message',
  stops,
  `${head('01')} ${sized('0030')}`,
  0,
  'connection 1 of 1 needs 48 bytes, 36 are there',
  36,
);
test(
  'a connection shorter than its addresses',
  stops,
  `${head('01')} ${sized('0023')}`,
  0,
  'connection 1 of 1 has size 35, below its 36',
  36,
);
test(
  'an unknown version of a connection',
  stops,
  `${head('01')} ${sized('1024')}`,
  0,
  'connection 1 of 1 has version 1, which is not decoded',
  36,
);
test(
  'an unknown type of a connection',
  stops,
  `${head('01')} 02${one.slice(2)}`,
  0,
  'connection 1 of 1 has type 2, which is not decoded',
  36,
);
test(
  'a parameter without data',
  stops,
  `${head('02')} ${sized('0026')} 0200 0000 ${one}`,
  1,
  'parameter 2 does not fit in its connection',
  72,
);
test(
  'a parameter longer than its connection',
  stops,
  `${head('01')} ${sized('0027')} 020200`,
  1,
  'parameter 2 does not fit in its connection',
  72,
);
test(
  'half a parameter',
  stops,
  `${head('01')} ${sized('0025')} 02`,
  1,
  'parameter 2 does not fit in its connection',
  72,
);
test(
  'version 0 without the sequences that its flags promise',
  stops,
  '01 05 0000 00 06 9d78 0050 1f90 c000020a c6336450 cb007115 0400 0001',
  0,
  'connection 1 of 1 needs 48 bytes, 24 are there',
  32,
);

test('sequences of another length are kept as they stand', t => {
  const packet = read([ip, udp], hex(`${head('01')} ${sized('0028')} 01020304`));
  const message = header(packet, 'ipvs-sync');
  t.deepEqual(message.version === 1 && message.connections[0]?.parameters, [
    {type: 1, kind: 'other', data: hex('0304')},
  ]);
});

test('less than a header is told', t => {
  t.is(read([ip, udp], hex('010203')).stop?.reason, 'ipvs sync header needs 4 bytes, 3 are there');
});

test('size and count can be given, addresses must be of one family', t => {
  const bytes = build([ip, udp, {...v1, size: 0x1234, count: 9}]);
  t.is(text(bytes.subarray(30, 33)), '123409');
  const mixed = {...connection, virtual: '2001:db8::80'};
  t.throws(() => build([ip, udp, {...v1, connections: [mixed]}]), {instanceOf: InputError});
  t.throws(() => build([ip, udp, {...v0, connections: [connection6]}]), {instanceOf: InputError});
});

const prints = test.macro((t, layer: Layer, expected: string) => {
  const name = (address: string) => (address === '198.51.100.80' ? 'VIP' : undefined);
  t.is(
    printPacket(read([ip, udp, layer]), {name}),
    `203.0.113.1 > 224.0.0.81 udp 50000 > 8848 ${expected}`,
  );
});
test(
  'one connection',
  prints,
  v0,
  'ipvs-sync v0 id 0 1 of 1: 192.0.2.10:40312 VIP:80 203.0.113.21:8080 protocol 6 state 1',
);
test(
  'IPv6',
  prints,
  {...v1, connections: [connection6]},
  'ipvs-sync v1 id 0 1 of 1: [2001:db8::a]:40312 [2001:db8::80]:80 [2001:db8::21]:8080 protocol 6 state 1',
);
test('none', prints, {...v1, connections: []}, 'ipvs-sync v1 id 0 0 of 0');
test('of many the first three', t => {
  const packet = read([ip, udp, {...v1, connections: Array.from({length: 5}, () => connection)}]);
  t.regex(printPacket(packet), /5 of 5: ([^,]+, ){3}…$/);
});

test('5,000 damaged or cut messages with parameters are decoded without throwing', t => {
  const random = seeded(8848);
  const parameters = [
    {type: 1, kind: 'sequences', ...sequences},
    {type: 2, kind: 'pe-data', data: hex('616263')},
    {type: 3, kind: 'pe-name', name: 'sip'},
  ] as const;
  const connections = [{...connection, parameters}, {...connection6, parameters}, connection];
  const message = build([ip, udp, {...v1, connections}]);
  const original = header(decode(whole(message, 'raw')), 'ipvs-sync');
  t.is(original.connections.length, 3);
  for (let i = 0; i < 5_000; i++) {
    const bytes = message.slice(0, 28 + random(message.length - 27));
    for (let n = random(6); n > 0 && bytes.length > 28; n--)
      bytes[28 + random(bytes.length - 28)] = random(256);
    const packet = decode(whole(bytes, 'raw'));
    const found = packet.headers.at(-1);
    const connectionsFound = found?.kind === 'ipvs-sync' ? found.connections : [];
    for (const {offset, length} of connectionsFound)
      if (offset + length > bytes.length) t.fail(text(bytes));
  }
});
