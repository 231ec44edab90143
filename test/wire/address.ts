import {isIPv6} from 'node:net';
import test from 'ava';
import {formatIpv6, formatMac, parseIp, parseMac} from '../../src/wire/address.ts';
import {hex, seeded, text} from './support/frames.ts';

const canonical = test.macro((t, bytes: string, address: string) => {
  t.is(formatIpv6(hex(bytes), 0), address);
  t.is(text(parseIp(address)), text(hex(bytes)));
});

test('all zeros', canonical, '0000 0000 0000 0000 0000 0000 0000 0000', '::');
test('loopback', canonical, '0000 0000 0000 0000 0000 0000 0000 0001', '::1');
test('zeros at the end', canonical, '2001 0db8 0000 0000 0000 0000 0000 0000', '2001:db8::');
test(
  'a single zero stays',
  canonical,
  '2001 0db8 0000 0001 0001 0001 0001 0001',
  '2001:db8:0:1:1:1:1:1',
);
test(
  'the first of equal runs',
  canonical,
  '2001 0db8 0000 0000 0001 0000 0000 0001',
  '2001:db8::1:0:0:1',
);
test('the longest run', canonical, '2001 0000 0000 0001 0000 0000 0000 0001', '2001:0:0:1::1');
test('no zeros', canonical, '0001 0002 0003 0004 0005 0006 0007 ffff', '1:2:3:4:5:6:7:ffff');
test(
  'an IPv4-mapped address',
  canonical,
  '0000 0000 0000 0000 0000 ffff c000 0201',
  '::ffff:192.0.2.1',
);

test('every address is read back from its text', t => {
  const random = seeded(7);
  for (let i = 0; i < 2_000; i++) {
    const bytes = Uint8Array.from({length: 16}, () => (random(3) === 0 ? random(256) : 0));
    const address = formatIpv6(bytes, 0);
    t.true(isIPv6(address), address);
    t.deepEqual(parseIp(address), bytes, address);
  }
});

test('a MAC is read in any case and written in lower case', t => {
  t.is(formatMac(parseMac('02:00:5E:aB:cd:EF'), 0), '02:00:5e:ab:cd:ef');
});

test('what is no MAC is refused', t => {
  for (const bad of [
    '',
    '02-00-00-00-00-01',
    '02:00:00:00:00',
    '02:00:00:00:00:01:02',
    '02:00:00:00:00:0g',
  ])
    t.throws(() => parseMac(bad), {name: 'InputError'}, bad);
});
