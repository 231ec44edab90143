import test from 'ava';
import {InputError} from '../../src/problem.ts';
import {build, type Layer} from '../../src/wire/build.ts';
import {concat} from '../../src/wire/bytes.ts';
import {decode} from '../../src/wire/decode.ts';
import {fragment, quote} from '../../src/wire/fragment.ts';
import {hex, ip4, ip6, kinds, seeded, tcp, text, udp, whole} from './support/frames.ts';
import {dissect} from './support/tshark.ts';

const random = seeded(9);
const payload = Uint8Array.from({length: 3000}, () => random(256));
const hopByHop = {type: 0, body: hex('05 02 0000 01 00')};
const destination = {type: 60, body: hex('01 04 00000000')};

test('IPv4 fragments follow each other, and together are the packet', t => {
  const packet = build([{...ip4, id: 7, ttl: 9}, udp], payload);
  const fragments = fragment(packet, 1500);
  const headers = fragments.map(bytes => decode(whole(bytes, 'raw')).headers[0]);
  const shared = {id: 7, ttl: 9, protocol: 17, checksum: 'good'} as const;
  t.is(headers.length, 3);
  t.like(headers[0], {...shared, fragmentOffset: 0, moreFragments: true, totalLength: 1500});
  t.like(headers[1], {...shared, fragmentOffset: 1480, moreFragments: true, totalLength: 1500});
  t.like(headers[2], {...shared, fragmentOffset: 2960, moreFragments: false, totalLength: 68});
  t.is(text(concat(...fragments.map(bytes => bytes.subarray(20)))), text(packet.subarray(20)));
});

test('IPv6 fragments have their header behind hop-by-hop and before destination options', t => {
  const packet = build([{...ip6, extensions: [hopByHop, destination]}, udp], payload);
  const fragments = fragment(packet, 1280, 0xcafe);
  t.deepEqual(
    fragments.map(bytes => text(bytes.subarray(6, 7)) + text(bytes.subarray(40, 41))),
    ['002c', '002c', '002c'],
  );
  const headers = fragments.map(bytes => decode(whole(bytes, 'raw')).headers[0]);
  t.like(headers[0], {payloadLength: 1240, fragment: {id: 0xcafe, offset: 0, more: true}});
  t.like(headers[1], {payloadLength: 1240, fragment: {offset: 1224, more: true}});
  t.like(headers[2], {payloadLength: 8 + 8 + 568, fragment: {offset: 2448, more: false}});
  t.is(text(concat(...fragments.map(bytes => bytes.subarray(56)))), text(packet.subarray(48)));
});

const reassembled = test.macro(
  async (t, layers: readonly Layer[], mtu: number, linkName: string) => {
    const packet = build(layers, payload);
    const fragments = fragment(packet, mtu);
    const dissected = await dissect(fragments, 'raw', {reassemble: true});
    t.is(dissected.length, fragments.length);
    const last = dissected.at(-1) ?? [];
    const udpLayer = last.findLast(({protocol}) => protocol === linkName);
    t.is(
      udpLayer?.fields.get(`${linkName}.checksum.status`)?.[0],
      '1',
      'the checksum over all of it',
    );
  },
);
test('tshark reassembles IPv4 fragments', reassembled, [{...ip4, id: 7}, udp], 576, 'udp');
test('tshark reassembles IPv6 fragments', reassembled, [ip6, udp], 1280, 'udp');
test(
  'tshark reassembles IPv6 fragments with extension headers',
  reassembled,
  [{...ip6, extensions: [hopByHop, destination]}, udp],
  1280,
  'udp',
);

test('a packet that fits is one fragment', t => {
  const packet = build([ip4, udp]);
  t.deepEqual(fragment(packet, 28), [packet]);
  const [atomic] = fragment(build([ip6, udp]), 1280, 5);
  t.like(decode(whole(atomic ?? hex(''), 'raw')).headers[0], {
    fragment: {id: 5, offset: 0, more: false},
  });
});

test('a fragment of IPv4 is cut further', t => {
  const [, second] = fragment(build([{...ip4, id: 7}, udp], payload), 1500);
  const headers = fragment(second ?? hex(''), 1000).map(
    bytes => decode(whole(bytes, 'raw')).headers[0],
  );
  t.is(headers.length, 2);
  t.like(headers[0], {fragmentOffset: 1480, moreFragments: true});
  t.like(headers[1], {fragmentOffset: 1480 + 976, moreFragments: true});
});

test('only options with the copied flag are in later fragments', t => {
  const packet = build([{...ip4, options: hex('94040000 07 07 04 c0000201 01')}, udp], payload);
  const found = fragment(packet, 1500).map(bytes => {
    const [ip] = decode(whole(bytes, 'raw')).headers;
    return ip?.kind === 'ipv4' ? `${text(ip.options)} ${ip.checksum}` : '';
  });
  t.deepEqual(found, ['94040000070704c000020101 good', '94040000 good', '94040000 good']);
});

const refused = test.macro((t, make: () => unknown, what: RegExp) => {
  const error = t.throws(make, {instanceOf: InputError});
  t.regex(error.problems[0]?.what ?? '', what);
});
test('an MTU without room is refused', refused, () => fragment(build([ip4, udp]), 27), /MTU/);
test('what is no IP packet is refused', refused, () => fragment(hex('1000'), 1500), /no IP/);
test(
  'IPv6 fragments are not cut again',
  refused,
  () => fragment(fragment(build([ip6, udp], payload), 1280)[0] ?? hex(''), 600),
  /cannot be fragmented again/,
);

test('a quote is as long as Linux makes it, or as RFC 792 asks for', t => {
  for (const [ip, error, most] of [
    [ip4, {kind: 'icmp', type: 3, code: 4, rest: 1400}, 576],
    [ip6, {kind: 'icmpv6', type: 2, rest: 1400}, 1280],
  ] as const) {
    const packet = build([ip, tcp], payload);
    const long = build([ip, error], quote(packet));
    t.is(long.length, most);
    const {headers} = decode(whole(long, 'raw'));
    t.like(headers[1], {checksum: 'good'});
    const inner =
      headers[1] !== undefined && 'quoted' in headers[1] ? headers[1].quoted : undefined;
    t.is(inner && kinds(inner), `${ip.kind} tcp`);
    const short = build([ip, error], quote(packet, 8));
    t.is(short.length, (ip.kind === 'ipv4' ? 20 : 40) * 2 + 8 + 8);
  }
  t.is(quote(build([ip4, udp])).length, 28);
  t.is(quote(build([{...ip6, extensions: [hopByHop]}, udp]), 8).length, 56);
});
