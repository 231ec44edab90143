import test from 'ava';
import {decode} from '../../src/wire/decode.ts';
import {header, hex, kinds, whole} from './support/frames.ts';

test('MACs and EtherType are read from their places', t => {
  const packet = decode(whole(hex('0200000000d1 0200000000aB 88cc 0207')));
  t.deepEqual(packet.headers, [
    {
      kind: 'ethernet',
      offset: 0,
      length: 14,
      destination: '02:00:00:00:00:d1',
      source: '02:00:00:00:00:ab',
      etherType: 0x88cc,
    },
  ]);
  t.deepEqual(packet.payload, {offset: 14, length: 2});
  t.deepEqual(packet.stop, {reason: 'EtherType 0x88cc is not decoded', offset: 14});
});

test('an IEEE 802.3 length bounds its payload: the rest of a spanning tree frame is padding', t => {
  const stp = '0180c2000000 0200000000d1 0026 424203';
  const packet = decode(whole(hex(stp + '00'.repeat(43))));
  t.is(header(packet, 'ethernet').etherType, 0x26);
  t.deepEqual(packet.payload, {offset: 14, length: 0x26});
  t.regex(packet.stop?.reason ?? '', /LLC is not decoded/);
});

test('an EtherType with another protocol behind it gives no header', t => {
  const packet = decode(whole(hex('0200000000d1 02000000000a 0800 60' + '00'.repeat(39))));
  t.is(kinds(packet), 'ethernet');
  t.deepEqual(packet.stop, {reason: 'ipv4 header with version 6', offset: 14});
});
