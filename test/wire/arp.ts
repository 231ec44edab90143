import test from 'ava';
import {build} from '../../src/wire/build.ts';
import {decode} from '../../src/wire/decode.ts';
import {eth, header, hex, kinds, text, whole} from './support/frames.ts';

const request =
  'ffffffffffff 02000000000a 0806 0001 0800 06 04 0001 02000000000a c000020a 000000000000 c0000250';

const arp = {
  kind: 'arp',
  operation: 1,
  senderMac: '02:00:00:00:00:0a',
  senderIp: '192.0.2.10',
  targetIp: '192.0.2.80',
} as const;

test('a request is read', t => {
  const packet = decode(whole(hex(request)));
  t.deepEqual(header(packet, 'arp'), {
    ...arp,
    offset: 14,
    length: 28,
    targetMac: '00:00:00:00:00:00',
  });
  t.is(packet.stop, undefined);
});

test('a request is built', t => {
  const bytes = build([{...eth, destination: 'ff:ff:ff:ff:ff:ff'}, arp]);
  t.is(text(bytes), text(hex(request)));
});

test('padding is no payload', t => {
  t.deepEqual(decode(whole(hex(request + '00'.repeat(18)))).payload, {offset: 42, length: 0});
});

const others = test.macro((t, from: string, to: string) => {
  const packet = decode(whole(hex(request.replace(from, to))));
  t.is(kinds(packet), 'ethernet');
  t.deepEqual(packet.stop, {
    reason: 'arp for other than IPv4 on Ethernet is not decoded',
    offset: 14,
  });
});

test('another hardware is not guessed at', others, '0001 0800', '0006 0800');
test('another protocol is not guessed at', others, '0001 0800', '0001 86dd');
test('other address lengths are not guessed at', others, '06 04', '06 10');
