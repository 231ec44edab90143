import test from 'ava';
import {build} from '../../src/wire/build.ts';
import {decode} from '../../src/wire/decode.ts';
import {eth, header, hex, ip4, kinds, tcp, text, whole} from './support/frames.ts';

test('id and priority are told from the drop eligible bit', t => {
  const packet = decode(whole(hex('0200000000d1 02000000000a 8100 bffe 88cc')));
  t.deepEqual(header(packet, 'vlan'), {
    kind: 'vlan',
    offset: 14,
    length: 4,
    id: 0xffe,
    priority: 5,
    etherType: 0x88cc,
  });
});

test('an outer tag may have the EtherType of IEEE 802.1ad', t => {
  const bytes = build([
    {...eth, etherType: 0x88a8},
    {kind: 'vlan', id: 1},
    {kind: 'vlan', id: 2},
    ip4,
    tcp,
  ]);
  t.is(text(bytes.subarray(12, 22)), '88a80001810000020800');
  t.is(kinds(decode(whole(bytes))), 'ethernet vlan vlan ipv4 tcp');
});
