import test from 'ava';
import {build} from '../../src/wire/build.ts';
import {decode} from '../../src/wire/decode.ts';
import {decodeRaw, header, hex, ip4, kinds, tcp, text, whole} from './support/frames.ts';

/** The SYN of a Linux client (frame 9 of support/linux.pcap, without Ethernet). */
const syn =
  '4500003c4dba4000400668a7c000020ac0000250' +
  '83dc005016e8e62100000000a002faf0d2610000' +
  '020405b40402080a0f5665c3000000000103030a';

test('a SYN of Linux is read', t => {
  const packet = decode(whole(hex(syn), 'raw'));
  const found = header(packet, 'tcp');
  t.like(found, {
    sourcePort: 33756,
    destinationPort: 80,
    sequence: 384362017,
    acknowledgement: 0,
    flags: 'S',
    window: 64240,
    checksum: 'good',
    length: 40,
  });
  t.deepEqual(
    found.options.map(({type, data}) => [type, text(data)]),
    [
      [2, '05b4'],
      [4, ''],
      [8, '0f5665c300000000'],
      [1, ''],
      [3, '0a'],
    ],
  );
});

test('flags are written in the order S F R P . U E W', t => {
  for (const flags of ['S.', 'F.', 'R.', 'P.', 'SEW', 'SFRP.UEW'])
    t.is(header(decodeRaw([ip4, {...tcp, flags}]), 'tcp').flags, flags);
  t.is(header(decodeRaw([ip4, {...tcp, flags: '.S'}]), 'tcp').flags, 'S.');
});

test('what follows the end of options is padding', t => {
  const options = [
    {type: 0, data: hex('')},
    {type: 2, data: hex('05b4')},
  ];
  const packet = decodeRaw([ip4, {...tcp, options}]);
  t.deepEqual(
    header(packet, 'tcp').options.map(({type}) => type),
    [0],
  );
  t.is(packet.stop, undefined);
});

/** MSS, then four bytes of options that are overwritten, then one byte of payload. */
const damaged = test.macro((t, options: string, reason: string) => {
  const nops = Array.from({length: 4}, () => ({type: 1, data: hex('')}));
  const layer = {...tcp, options: [{type: 2, data: hex('05b4')}, ...nops]};
  const bytes = build([ip4, layer], hex('aa'));
  bytes.set(hex(options), 44);
  const packet = decode(whole(bytes, 'raw'));
  t.is(header(packet, 'tcp').options.length, 1);
  t.deepEqual(packet.stop, {reason, offset: 44});
  t.deepEqual(packet.payload, {offset: 48, length: 1});
});

test(
  'an option without room is told',
  damaged,
  '08050000',
  'tcp option 8 does not fit in its header',
);
test(
  'an option of length 0 is told',
  damaged,
  '08000000',
  'tcp option 8 does not fit in its header',
);
test(
  'an option of length 1 is told',
  damaged,
  '08010000',
  'tcp option 8 does not fit in its header',
);

test('an option without its length is told', t => {
  const nops = Array.from({length: 4}, () => ({type: 1, data: hex('')}));
  const bytes = build([ip4, {...tcp, options: nops}]);
  bytes[43] = 8;
  const packet = decode(whole(bytes, 'raw'));
  t.deepEqual(packet.stop, {reason: 'tcp option 8 does not fit in its header', offset: 43});
});

test('a data offset below 20 is told', t => {
  const bytes = build([ip4, tcp]);
  bytes[32] = 0x40;
  const packet = decode(whole(bytes, 'raw'));
  t.is(kinds(packet), 'ipv4');
  t.deepEqual(packet.stop, {reason: 'tcp header length 16 is below 20', offset: 20});
});

test('a data offset beyond the packet is told', t => {
  const bytes = build([ip4, tcp]);
  bytes[32] = 0xf0;
  t.is(decode(whole(bytes, 'raw')).stop?.reason, 'tcp header needs 60 bytes, 20 are there');
});
