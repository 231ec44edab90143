import {build, type Layer} from '../../../src/wire/build.ts';
import {nothing} from '../../../src/wire/bytes.ts';
import {messages} from './corpus-messages.ts';
import {eth, gueUdp, hex, ip4, ip6, outer4, outer6, tcp, udp} from './frames.ts';

/** Named Ethernet frames, each with something of its own. */
export interface Sample {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const option = (type: number, data = '') => ({type, data: hex(data)});
const nop = option(1);
const data = new TextEncoder().encode('GET /token HTTP/1.0\r\n\r\n');
const odd = hex('aa bb cc dd ee');

const echo4 = {kind: 'icmp', type: 8, rest: 0x12340001} as const;
const echo6 = {kind: 'icmpv6', type: 128, rest: 0x12340001} as const;
const arp = {
  kind: 'arp',
  operation: 1,
  senderMac: '02:00:00:00:00:0a',
  senderIp: '192.0.2.10',
  targetIp: '192.0.2.1',
} as const;
const routed: Layer = {
  ...ip6,
  extensions: [
    {type: 0, body: hex('05 02 0000 01 00')},
    {type: 60, body: hex('01 04 00000000')},
    {type: 43, body: hex('00 01 00000000 20010db8000200000000000000000080')},
  ],
};

function sample(name: string, layers: readonly Layer[], payload: Uint8Array = nothing): Sample {
  return {name, bytes: build([eth, ...layers], payload)};
}

/** The packets that tunnels carry here. */
const inner: readonly (readonly [string, readonly Layer[], Uint8Array])[] = [
  ['ipv4 tcp', [ip4, tcp], nothing],
  ['ipv4 udp', [ip4, udp], odd],
  ['ipv6 tcp', [ip6, {...tcp, flags: 'P.'}], data],
  ['ipv4 icmp echo', [ip4, echo4], data],
];

const tunnels: readonly (readonly [string, readonly Layer[]])[] = [
  ['in ipv4', [outer4]],
  ['in ipv6', [outer6]],
  ['in gre', [outer4, {kind: 'gre'}]],
  ['in gre with checksum', [outer4, {kind: 'gre', hasChecksum: true}]],
  ['in gre with a bad checksum', [outer4, {kind: 'gre', checksum: 0x1234}]],
  ['in gre with key', [outer4, {kind: 'gre', key: 0xfffffffe}]],
  ['in gre with sequence', [outer4, {kind: 'gre', sequence: 7}]],
  ['in gre with all over ipv6', [outer6, {kind: 'gre', hasChecksum: true, key: 1, sequence: 2}]],
  ['in ethernet in gre', [outer4, {kind: 'gre', key: 5}, eth]],
  ['in ipv4 in ipv6', [outer6, outer4]],
];

const gueForms: readonly (readonly [string, readonly Layer[]])[] = [
  ['version 0', [outer4, gueUdp, {kind: 'gue'}]],
  ['version 0 over ipv6', [outer6, gueUdp, {kind: 'gue'}]],
  [
    'with optional fields',
    [outer4, gueUdp, {kind: 'gue', flags: 0x8000, optionBytes: hex('0102030405060708')}],
  ],
  ['version 1', [outer4, gueUdp, {kind: 'gue', version: 1}]],
  ['without UDP checksum', [outer4, {...gueUdp, checksum: 0}, {kind: 'gue'}]],
];

/** GUE: tshark can only be shown the outer headers, and the inner packet on its own. */
export const gue: readonly (Sample & {readonly inner: Uint8Array})[] = gueForms.flatMap(
  ([how, layers]) =>
    inner.map(([what, packet, payload]) => ({
      ...sample(`${what} in gue ${how}`, [...layers, ...packet], payload),
      inner: build(packet, payload),
    })),
);

export const corpus: readonly Sample[] = [
  ...messages.map(([name, layers, payload]) => sample(name, layers, payload)),
  sample('arp request', [arp]),
  {
    name: 'arp reply, padded',
    bytes: build([
      {...eth, padTo: 60},
      {...arp, operation: 2, targetMac: '02:00:00:00:00:d1'},
    ]),
  },
  sample('vlan', [{kind: 'vlan', id: 4094, priority: 5}, ip4, tcp]),
  sample(
    'vlan in vlan',
    [{kind: 'vlan', id: 10}, {kind: 'vlan', id: 20, priority: 7}, ip6, udp],
    odd,
  ),
  {name: 'tcp, padded', bytes: build([{...eth, padTo: 60}, ip4, {...tcp, flags: '.'}])},
  {
    name: 'udp that is shorter than its ip packet, padded',
    bytes: build([{...eth, padTo: 64}, ip4, {...udp, datagramLength: 11}], odd),
  },
  sample('every ipv4 field', [
    {
      ...ip4,
      tos: 0xb9,
      ttl: 1,
      id: 0xbeef,
      dontFragment: true,
      options: hex('94040000 01 07 07 04 c0000201'),
    },
    tcp,
  ]),
  sample('ipv4 header with a bad checksum', [{...ip4, checksum: 0xdead}, tcp]),
  sample('first fragment', [{...ip4, id: 7, moreFragments: true}, udp], new Uint8Array(32)),
  sample('later fragment', [{...ip4, id: 7, fragmentOffset: 1480, protocol: 17}], data),
  sample('every ipv6 field', [{...ip6, trafficClass: 0xb9, flowLabel: 0xabcde, hopLimit: 1}, tcp]),
  sample('ipv6 hop-by-hop, destination and routing', [routed, tcp], data),
  sample(
    'ipv6 routing without segments left',
    [
      {
        ...ip6,
        extensions: [{type: 43, body: hex('00 00 00000000 20010db8000200000000000000000080')}],
      },
      udp,
    ],
    odd,
  ),
  sample(
    'ipv6 first fragment',
    [{...ip6, fragment: {id: 0xcafebabe, offset: 0, more: true}}, udp],
    new Uint8Array(32),
  ),
  sample(
    'ipv6 later fragment',
    [{...ip6, protocol: 17, fragment: {id: 0xcafebabe, offset: 1448, more: false}}],
    data,
  ),
  sample('ipv6 atomic fragment', [{...ip6, fragment: {id: 1, offset: 0, more: false}}, tcp]),
  sample('ipv6 without next header', [ip6]),
  sample(
    'ipv6 with compressible addresses',
    [{...ip6, source: '::1', destination: '1:0:0:2:0:0:0:3'}, udp],
    odd,
  ),
  sample('ipv6 with an IPv4-mapped address', [
    {...ip6, source: '::ffff:192.0.2.1', destination: '::'},
    udp,
  ]),
  sample('tcp syn with common options', [
    ip4,
    {
      ...tcp,
      sequence: 0xfffffffe,
      window: 64240,
      options: [option(2, '05b4'), option(4), option(8, '0f55d3a000000000'), nop, option(3, '0a')],
    },
  ]),
  sample(
    'tcp with sack, urgent and an end of options',
    [
      ip6,
      {
        ...tcp,
        flags: '.U',
        acknowledgement: 0x80000001,
        urgent: 3,
        options: [nop, nop, option(5, '0000000100000002'), option(0)],
      },
    ],
    data,
  ),
  sample('tcp with fast open and MD5', [
    ip4,
    {
      ...tcp,
      options: [
        option(34, '0102030405060708'),
        option(19, '00112233445566778899aabbccddeeff'),
        nop,
        nop,
        nop,
        nop,
      ],
    },
  ]),
  ...['S', 'S.', '.', 'P.', 'F.', 'R', 'R.', 'SEW', '.E', 'SFRP.UEW', ''].map(flags =>
    sample(`tcp flags [${flags}]`, [ip4, {...tcp, flags}]),
  ),
  sample('tcp with a bad checksum', [ip4, {...tcp, checksum: 0xdead}], data),
  sample('udp', [ip4, udp], odd),
  sample('udp without checksum', [ip4, {...udp, checksum: 0}], odd),
  sample('udp without checksum over ipv6', [ip6, {...udp, checksum: 0}], odd),
  sample('udp with a bad checksum', [ip6, {...udp, checksum: 0xdead}], odd),
  sample('echo request', [ip4, echo4], odd),
  sample('echo request over ipv6', [ip6, echo6], odd),
  sample('icmp with a bad checksum', [ip4, {...echo4, checksum: 1}], odd),
  sample('icmpv6 with a bad checksum', [ip6, {...echo6, checksum: 1}], odd),
  sample('port unreachable', [ip4, {kind: 'icmp', type: 3, code: 3}, outer4, udp], odd),
  sample(
    'frag needed',
    [
      ip4,
      {kind: 'icmp', type: 3, code: 4, rest: 1400},
      {...ip4, totalLength: 1500, dontFragment: true},
      tcp,
    ],
    data,
  ),
  sample('time exceeded with a tunnel quoted', [ip4, {kind: 'icmp', type: 11}, outer4, ip4, tcp]),
  sample(
    'packet too big',
    [ip6, {kind: 'icmpv6', type: 2, rest: 1280}, {...ip6, payloadLength: 1460}, tcp],
    data,
  ),
  sample('no route', [ip6, {kind: 'icmpv6', type: 1, code: 0}, ip6, udp], odd),
  ...tunnels.flatMap(([how, layers]) =>
    inner.map(([what, packet, payload]) =>
      sample(`${what} ${how}`, [...layers, ...packet], payload),
    ),
  ),
];
