import test from 'ava';
import {build} from '../../src/wire/build.ts';
import {decode} from '../../src/wire/decode.ts';
import {decodeRaw, eth, header, hex, ip6, kinds, tcp, text, udp, whole} from './support/frames.ts';

const routingBody = hex('00 01 00000000 20010db8000200000000000000000080');

test('extensions stand in order with their places, and the header spans them', t => {
  const packet = decodeRaw([
    {
      ...ip6,
      extensions: [
        {type: 0, body: hex('01 04 00000000')},
        {type: 43, body: routingBody},
        {type: 51, body: new Uint8Array(22)},
        {type: 60, body: hex('01 0c' + '00'.repeat(12))},
      ],
      fragment: {id: 0xcafebabe, offset: 0, more: false},
    },
    tcp,
  ]);
  const ip = header(packet, 'ipv6');
  t.deepEqual(ip.extensions, [
    {type: 0, offset: 40, length: 8},
    {type: 43, offset: 48, length: 24},
    {type: 51, offset: 72, length: 24},
    {type: 60, offset: 96, length: 16},
    {type: 44, offset: 112, length: 8},
  ]);
  t.is(ip.length, 120);
  t.is(ip.nextHeader, 0);
  t.is(ip.protocol, 6);
  t.deepEqual(ip.fragment, {id: 0xcafebabe, offset: 0, more: false});
  t.is(header(packet, 'tcp').checksum, 'good');
});

test('a packet without fragment header has no fragment field', t => {
  t.false('fragment' in header(decodeRaw([ip6, tcp]), 'ipv6'));
});

test('a later fragment is payload, whatever its type', t => {
  const fragment = {id: 1, offset: 1448, more: true};
  const packet = decodeRaw([{...ip6, protocol: 60, fragment}], hex('06 00 01 04 00000000'));
  t.is(header(packet, 'ipv6').extensions.length, 1);
  t.is(header(packet, 'ipv6').protocol, 60);
  t.deepEqual(packet.payload, {offset: 48, length: 8});
  t.is(packet.stop?.reason, 'fragment at byte 1448: its transport header is in the first one');
});

test('an extension that does not fit ends the header before it', t => {
  const bytes = build([{...ip6, extensions: [{type: 0, body: hex('01 04 00000000')}]}, tcp]);
  bytes[41] = 200;
  const packet = decode(whole(bytes, 'raw'));
  t.is(kinds(packet), 'ipv6');
  t.deepEqual(packet.stop, {
    reason: 'ipv6 extension header 0 needs 1608 bytes, 28 are there',
    offset: 40,
  });
});

test('an extension header that is not there at all is told', t => {
  const packet = decodeRaw([{...ip6, nextHeader: 43, protocol: 59}]);
  t.is(packet.stop?.reason, 'ipv6 extension header 43 needs 8 bytes, 0 are there');
});

test('no next header is no stop', t => {
  const packet = decodeRaw([ip6]);
  t.is(header(packet, 'ipv6').protocol, 59);
  t.is(packet.stop, undefined);
});

test('the final destination of a route is under the checksum, not the next one', t => {
  for (const type of [0, 2, 4]) {
    const body = routingBody.slice();
    body[0] = type;
    const layer = {...ip6, extensions: [{type: 43, body}]};
    t.is(header(decodeRaw([layer, udp]), 'udp').checksum, 'good', `type ${type}`);
    const final = build([{...ip6, destination: '2001:db8:2::80'}, udp]);
    const routed = build([layer, udp]);
    t.is(text(routed.subarray(-2)), text(final.subarray(-2)), `type ${type}`);
  }
});

test('a route of an unknown type leaves the checksum unchecked', t => {
  const body = routingBody.slice();
  body[0] = 99;
  const packet = decodeRaw([{...ip6, extensions: [{type: 43, body}]}, udp]);
  t.is(header(packet, 'udp').checksum, 'none');
});

test('bytes behind the payload length are padding', t => {
  const packet = decode(whole(build([{...eth, padTo: 100}, ip6, tcp], new Uint8Array(5))));
  t.deepEqual(packet.payload, {offset: 74, length: 5});
  t.is(header(packet, 'tcp').checksum, 'good');
});
