import test from 'ava';
import type {Sighting} from '../../src/trace/types.ts';
import {helped, type Control} from '../../src/verdict/ftp-control.ts';
import {build} from '../../src/wire/build.ts';
import {decode} from '../../src/wire/decode.ts';
import {payloadBytes, transport} from '../../src/wire/packet.ts';
import type {TcpOption} from '../../src/wire/types.ts';

const control = (...growth: readonly (readonly [sequence: number, bytes: number])[]): Control => ({
  announced: [],
  virtual: '198.51.100.80',
  growth: growth.map(([sequence, bytes]) => ({sequence, bytes})),
});

interface Said {
  readonly sequence?: number;
  readonly acknowledgement?: number;
  readonly options?: readonly TcpOption[];
  readonly payload?: string;
  readonly flags?: string;
}

function sighting({payload = '', flags = '.', ...said}: Said): Sighting {
  const bytes = build(
    [
      {kind: 'ethernet', source: '02:00:00:00:00:01', destination: '02:00:00:00:00:02'},
      {kind: 'ipv4', source: '203.0.113.21', destination: '192.0.2.10', ttl: 64, id: 7},
      {kind: 'tcp', sourcePort: 21, destinationPort: 40_000, flags, window: 502, ...said},
    ],
    Buffer.from(payload),
  );
  const frame = {
    number: 1,
    time: 1n,
    linkType: 'ethernet' as const,
    bytes,
    originalLength: bytes.length,
  };
  return {node: 'director', interface: 'eth0', frame, packet: decode(frame)};
}

const tcpOf = ({packet}: Sighting) => {
  const header = transport(packet);
  if (header?.kind !== 'tcp') throw new Error('no TCP');
  return header;
};

const twice = control([1000, 1], [2000, 2]);
const moves = test.macro<[moved: Control, sequence: number, expected: number]>({
  exec(t, moved, sequence, expected) {
    t.is(tcpOf(helped(moved, 'reply', sighting({sequence}))).sequence, expected);
    const back = helped(moved, 'request', sighting({acknowledgement: expected}));
    t.is(tcpOf(back).acknowledgement, sequence);
  },
  title: (_, {growth}, sequence, expected) =>
    `${sequence} becomes ${expected} behind ${growth.map(one => one.sequence).join(' and ')}, and back`,
});
test(moves, twice, 999, 999);
test(moves, twice, 1000, 1000);
test(moves, twice, 1050, 1051);
test(moves, twice, 2000, 2001);
test(moves, twice, 2050, 2053);
test(moves, control(), 5, 5);
test(moves, control([1000, -2]), 1050, 1048);
test(moves, control([0xffff_fff0, 1]), 0xffff_fff0, 0xffff_fff0);
test(moves, control([0xffff_fff0, 1]), 0xffff_ffff, 0);
test(moves, control([0xffff_fff0, 1], [0x10, 1]), 0x20, 0x22);

test('the other numbers of a packet stay', t => {
  const reply = helped(twice, 'reply', sighting({sequence: 5000, acknowledgement: 5000}));
  t.is(tcpOf(reply).acknowledgement, 5000);
  const request = helped(twice, 'request', sighting({sequence: 5000, acknowledgement: 5000}));
  t.is(tcpOf(request).sequence, 5000);
});

test('a SYN acknowledges nothing', t => {
  const syn = helped(twice, 'request', sighting({flags: 'S', sequence: 1, acknowledgement: 0}));
  t.is(tcpOf(syn).acknowledgement, 0);
});

test('selective acknowledgements are moved back too, behind other options', t => {
  const edges = Buffer.alloc(8);
  edges.writeUInt32BE(1051, 0);
  edges.writeUInt32BE(2053, 4);
  const none = new Uint8Array();
  const options = [
    {type: 1, data: none},
    {type: 1, data: none},
    {type: 8, data: new Uint8Array(8)},
    {type: 1, data: none},
    {type: 1, data: none},
    {type: 5, data: edges},
  ];
  const moved = helped(twice, 'request', sighting({acknowledgement: 1000, options}));
  const found = Buffer.from(tcpOf(moved).options.find(({type}) => type === 5)?.data ?? none);
  t.deepEqual([found.readUInt32BE(0), found.readUInt32BE(4)], [1050, 2050]);
});

test("the VIP stands for the real server in PASV's answer, and nothing else changes", t => {
  const payload = '227 Entering Passive Mode (203,0,113,21,180,165).\r\n';
  const {frame, packet} = helped(twice, 'reply', sighting({sequence: 1000, payload}));
  t.is(
    Buffer.from(payloadBytes(frame.bytes, packet)).toString(),
    '227 Entering Passive Mode (198,51,100,80,180,165).\r\n',
  );
  const other = sighting({payload: '220 ready\r\n'});
  t.deepEqual(
    Buffer.from(helped(control(), 'reply', other).frame.bytes),
    Buffer.from(other.frame.bytes),
  );
});
