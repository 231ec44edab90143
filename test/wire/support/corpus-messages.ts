import type {Layer} from '../../../src/wire/build.ts';
import {nothing} from '../../../src/wire/bytes.ts';
import type {SctpChunkFields} from '../../../src/wire/sctp-encode.ts';
import {hex, ip4, ip6, outer4} from './frames.ts';

const sctp = {kind: 'sctp', sourcePort: 40312, destinationPort: 80} as const;
const tagged = {...sctp, verificationTag: 0xfedcba98};

const init = {
  initiateTag: 0x80000007,
  receiverWindow: 106496,
  outboundStreams: 10,
  inboundStreams: 65535,
  initialTsn: 0xfffffffe,
  parameters: [
    {type: 5, data: hex('c0000201')},
    {type: 12, data: hex('00050006')},
    {type: 0x8000, data: nothing},
    {type: 0xc000, data: nothing},
  ],
};

const chunks: readonly (readonly [string, readonly SctpChunkFields[]])[] = [
  ['init ack', [{kind: 'init-ack', ...init, parameters: [{type: 7, data: hex('0102030405')}]}]],
  [
    'cookie echo and data',
    [
      {kind: 'cookie-echo', data: hex('010203')},
      {
        kind: 'data',
        tsn: 5,
        stream: 1,
        streamSequence: 2,
        payloadProtocol: 0x1234,
        data: hex('aabbcc'),
      },
    ],
  ],
  ['cookie ack', [{kind: 'cookie-ack'}]],
  // tshark shows what follows a DATA chunk as a layer of its own: see test/wire/sctp.ts.
  [
    'last part of a message',
    [
      {
        kind: 'data',
        tsn: 0xffffffff,
        stream: 0,
        streamSequence: 9,
        payloadProtocol: 0,
        data: new Uint8Array(10),
        flags: 1,
      },
    ],
  ],
  [
    'sack',
    [
      {
        kind: 'sack',
        cumulativeTsn: 0xffffffff,
        receiverWindow: 9000,
        gaps: [
          {start: 2, end: 3},
          {start: 5, end: 9},
        ],
        duplicates: [0xfffffffe, 0xffffffff],
      },
    ],
  ],
  ['heartbeat', [{kind: 'heartbeat', parameters: [{type: 1, data: hex('0102030405060708')}]}]],
  ['heartbeat ack', [{kind: 'heartbeat-ack', parameters: [{type: 1, data: hex('01')}]}]],
  ['abort', [{kind: 'abort', parameters: [{type: 12, data: hex('62796521')}], flags: 1}]],
  ['error', [{kind: 'error', parameters: [{type: 3, data: hex('00000064')}]}]],
  ['shutdown', [{kind: 'shutdown', cumulativeTsn: 77}]],
  ['shutdown ack', [{kind: 'shutdown-ack'}]],
  ['shutdown complete', [{kind: 'shutdown-complete', flags: 1}]],
  ['forward tsn', [{kind: 'other', type: 192, data: hex('00000009')}]],
];

const vrrpTo4 = {...ip4, destination: '224.0.0.18', ttl: 255};
const vrrpTo6 = {...ip6, destination: 'ff02::12', hopLimit: 255};
const vips = ['198.51.100.80', '198.51.100.81'];
const vrrp2 = {
  kind: 'vrrp',
  version: 2,
  virtualRouter: 51,
  priority: 150,
  addresses: vips,
} as const;
const vrrp3 = {kind: 'vrrp', version: 3, virtualRouter: 255, addresses: vips} as const;

const syncTo = {...outer4, destination: '224.0.0.81', ttl: 1};
const syncUdp = {kind: 'udp', sourcePort: 50000, destinationPort: 8848} as const;
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
  virtual: '2001:db8:1::80',
  destination: '2001:db8:2::21',
};
export const sequences = {
  incoming: {initial: 0x01020304, delta: 1, previousDelta: 2},
  outgoing: {initial: 0xfffefdfc, delta: 3, previousDelta: 0x0a0b0c0d},
};

/** SCTP, VRRP and IPVS sync, as far as tshark knows them. */
export const messages: readonly (readonly [string, readonly Layer[], Uint8Array?])[] = [
  ['sctp init', [ip4, {...sctp, chunks: [{kind: 'init', ...init}]}]],
  ['sctp init over ipv6', [ip6, {...sctp, chunks: [{kind: 'init', ...init}]}]],
  ...chunks.map(([name, list]) => [`sctp ${name}`, [ip4, {...tagged, chunks: list}]] as const),
  ['sctp without chunks', [ip4, sctp]],
  ['sctp in ipv4', [outer4, ip6, {...tagged, chunks: [{kind: 'cookie-ack'}]}]],
  ['sctp with a bad checksum', [ip4, {...tagged, checksum: 1, chunks: [{kind: 'cookie-ack'}]}]],
  ['vrrp v2', [vrrpTo4, vrrp2]],
  [
    'vrrp v2 with a password',
    [
      vrrpTo4,
      {...vrrp2, authenticationType: 1, authentication: hex('31323334'), advertisementInterval: 3},
    ],
  ],
  ['vrrp v2 with a bad checksum', [vrrpTo4, {...vrrp2, checksum: 1}]],
  ['vrrp v3', [vrrpTo4, {...vrrp3, maxAdvertisementInterval: 4095, priority: 0}]],
  ['vrrp v3 without addresses', [vrrpTo4, {...vrrp3, addresses: []}]],
  ['vrrp v3 with a bad checksum', [vrrpTo4, {...vrrp3, checksum: 1}]],
  ['vrrp v3 over ipv6', [vrrpTo6, {...vrrp3, addresses: ['fe80::1', '2001:db8:1::80']}]],
  ['vrrp v3 over ipv6, bad', [vrrpTo6, {...vrrp3, addresses: ['fe80::1'], checksum: 1}]],
  [
    'ipvs sync v0',
    [
      syncTo,
      syncUdp,
      {
        kind: 'ipvs-sync',
        version: 0,
        syncId: 7,
        connections: [
          {...connection, flags: 0x0100},
          {...connection, protocol: 17, state: 0, flags: 0x0600, sequences},
        ],
      },
    ],
  ],
  [
    'ipvs sync v1',
    [
      syncTo,
      syncUdp,
      {
        kind: 'ipvs-sync',
        version: 1,
        syncId: 255,
        connections: [
          {...connection, flags: 0x80000100, state: 4, fwmark: 0xdeadbeef, timeout: 900},
          {...connection6, protocol: 132},
          connection,
        ],
      },
    ],
  ],
  [
    'ipvs sync v1 without connections',
    [syncTo, syncUdp, {kind: 'ipvs-sync', version: 1, connections: []}],
  ],
];
