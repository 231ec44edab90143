import test from 'ava';
import {build, type Layer} from '../../src/wire/build.ts';
import {decode} from '../../src/wire/decode.ts';
import {printPacket} from '../../src/wire/print.ts';
import {header, hex, ip4, ip6, kinds, text, whole} from './support/frames.ts';

const to4 = {...ip4, destination: '224.0.0.18', ttl: 255};
const to6 = {...ip6, destination: 'ff02::12', hopLimit: 255};
const v2 = {kind: 'vrrp', version: 2, virtualRouter: 51, addresses: ['198.51.100.80']} as const;
const v3 = {...v2, version: 3} as const;
const read = (layers: readonly Layer[], payload?: Uint8Array) =>
  decode(whole(build(layers, payload), 'raw'));

test('version 2 has its interval in seconds and eight bytes of authentication', t => {
  const packet = read([
    to4,
    {
      ...v2,
      priority: 150,
      advertisementInterval: 3,
      authenticationType: 1,
      authentication: hex('31323334'),
    },
  ]);
  t.deepEqual(header(packet, 'vrrp'), {
    kind: 'vrrp',
    offset: 20,
    length: 20,
    version: 2,
    type: 1,
    virtualRouter: 51,
    priority: 150,
    addresses: ['198.51.100.80'],
    advertisementInterval: 3,
    authenticationType: 1,
    authentication: hex('3132333400000000'),
    checksum: 'good',
  });
  t.deepEqual(packet.payload, {offset: 20, length: 20});
});

test('version 3 has its interval in centiseconds, and addresses of the family that carries it', t => {
  const packet = read([
    to6,
    {...v3, priority: 0, addresses: ['fe80::1', '2001:db8::80'], maxAdvertisementInterval: 50},
  ]);
  t.deepEqual(header(packet, 'vrrp'), {
    kind: 'vrrp',
    offset: 40,
    length: 40,
    version: 3,
    type: 1,
    virtualRouter: 51,
    priority: 0,
    addresses: ['fe80::1', '2001:db8::80'],
    maxAdvertisementInterval: 50,
    pseudoHeader: true,
    checksum: 'good',
  });
});

test('over IPv4 a checksum of version 3 is good with a pseudo header and without, and it is said which', t => {
  for (const pseudoHeader of [true, false])
    t.like(header(read([to4, {...v3, pseudoHeader}]), 'vrrp'), {checksum: 'good', pseudoHeader});
  const bad = read([to4, {...v3, checksum: 'bad'}]);
  t.like(header(bad, 'vrrp'), {checksum: 'bad', pseudoHeader: undefined});
  const unchecked = read([{...to4, moreFragments: true}, v3]);
  t.like(header(unchecked, 'vrrp'), {checksum: 'none', pseudoHeader: undefined});
});

test('over IPv6 only a pseudo header makes it good', t => {
  const layer = {...v3, addresses: ['fe80::1']};
  t.is(header(read([to6, layer]), 'vrrp').checksum, 'good');
  t.is(header(read([to6, {...layer, pseudoHeader: false}]), 'vrrp').checksum, 'bad');
});

test('version 2 never covers a pseudo header', t => {
  const bytes = build([to4, v2]);
  bytes[15] = (bytes[15] ?? 0) ^ 1;
  t.is(header(decode(whole(bytes, 'raw')), 'vrrp').checksum, 'good');
});

const stops = test.macro((t, message: string, addresses: readonly string[], reason: string) => {
  const packet = read([{...to4, protocol: 112}], hex(message));
  t.deepEqual(header(packet, 'vrrp').addresses, addresses);
  t.is(packet.stop?.reason, reason);
});
test(
  'fewer addresses than the message says',
  stops,
  '31 33 96 03 0064 0000 c6336450 c633',
  ['198.51.100.80'],
  'vrrp address 2 of 3 needs 4 bytes, 2 are there',
);
test(
  'no authentication data',
  stops,
  '21 33 96 01 0001 0000 c6336450',
  ['198.51.100.80'],
  'vrrp authentication data needs 8 bytes, 0 are there',
);

test('other versions and half a header are told', t => {
  const other = read([{...to4, protocol: 112}], hex('41 33 96 00 0001 0000'));
  t.is(kinds(other), 'ipv4');
  t.is(other.stop?.reason, 'VRRP version 4 is not decoded');
  const half = read([{...to4, protocol: 112}], hex('31 33 96'));
  t.is(half.stop?.reason, 'vrrp header needs 8 bytes, 3 are there');
});

test('count, type and checksum can be given', t => {
  const bytes = build([to4, {...v3, count: 9, type: 2, checksum: 0x1234}]);
  t.is(text(bytes.subarray(20, 28)), '3233640900641234');
});

const prints = test.macro((t, layers: readonly Layer[], expected: string) => {
  const name = (address: string) => (address === '198.51.100.80' ? 'VIP' : undefined);
  t.is(printPacket(read(layers), {name}), expected);
});
test(
  'an advertisement',
  prints,
  [to4, v2],
  '192.0.2.10 > 224.0.0.18 vrrp v2 id 51 priority 100 VIP',
);
test(
  'another type',
  prints,
  [to4, {...v3, type: 2, checksum: 'bad'}],
  '192.0.2.10 > 224.0.0.18 vrrp v3 type 2 id 51 priority 100 VIP (bad checksum)',
);
