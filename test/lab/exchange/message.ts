import test from 'ava';
import {syncMessageBytes, type SyncMessage} from '../../../src/lab/exchange/message.ts';
import {InputError} from '../../../src/problem.ts';
import {findTopology, ownTopologies} from '../../../src/topology/load.ts';
import {addressByName} from '../../../src/topology/names.ts';
import {build} from '../../../src/wire/build.ts';
import {decode} from '../../../src/wire/decode.ts';

const topology = findTopology('farm', [ownTopologies]);
const bytesOf = (message: SyncMessage, family: 'v4' | 'v6' = 'v4'): Uint8Array =>
  syncMessageBytes(message, name => addressByName(topology, name, family) ?? name, 'step 1');
/** What the decoder makes of a message in a datagram to the group. */
function read(message: SyncMessage, family: 'v4' | 'v6' = 'v4') {
  const bytes = build(
    [
      {kind: 'ipv4', source: '192.0.2.24', destination: '224.0.0.81'},
      {kind: 'udp', sourcePort: 8848, destinationPort: 8848},
    ],
    bytesOf(message, family),
  );
  const {headers, stop} = decode({bytes, linkType: 'raw', originalLength: bytes.length});
  const header = headers.at(-1);
  if (header?.kind !== 'ipvs-sync') throw new Error('no sync message');
  return {header, stop};
}
const told = {client: 'CIP:4000', virtual: 'VIP:80', server: 'RIP1:8080'};
const ends = {
  client: '192.0.2.10',
  clientPort: 4000,
  virtual: '192.0.2.80',
  virtualPort: 80,
  destination: '192.0.2.21',
  destinationPort: 8080,
};

test('version 1 tells of a connection with its state, flags and timeout', t => {
  const one = {...told, protocol: 'udp', state: 2, flags: 0x100, timeout: 60} as const;
  const {header, stop} = read({version: 1, id: 7, connections: [one, told]});
  t.is(stop, undefined);
  t.like(header, {version: 1, syncId: 7, size: 8 + 36 + 36, count: 2});
  t.like(header.connections[0], {...ends, protocol: 17, state: 2, flags: 0x100, timeout: 60});
  t.like(header.connections[1], {...ends, protocol: 6, state: 1, flags: 0, timeout: 0});
});

test('version 0 tells of it without a timeout', t => {
  const {header, stop} = read({version: 0, id: 9, connections: [{...told, state: 4}]});
  t.is(stop, undefined);
  t.like(header, {version: 0, syncId: 9, size: 4 + 24, count: 1});
  t.like(header.connections[0], {...ends, protocol: 6, state: 4});
});

test('version 1 tells of IPv6 too', t => {
  const {header} = read({version: 1, id: 7, connections: [told]}, 'v6');
  t.like(header, {size: 8 + 72, count: 1});
  t.like(header.connections[0], {client: '2001:db8:1::10', destination: '2001:db8:1::21'});
});

for (const version of [0, 1] as const)
  test(`what is cut off version ${version} is missing at its end, and its size is that of what is left`, t => {
    const message = {version, id: 7, connections: [told, {...told, client: 'CIP:4001'}]} as const;
    const whole = bytesOf(message);
    const cut = bytesOf({...message, cut: 1});
    t.is(cut.length, whole.length - 1);
    // Behind the size it is the same.
    t.deepEqual(cut.subarray(4), whole.subarray(4, -1));
    const {header, stop} = read({...message, cut: 1});
    t.like(header, {size: whole.length - 1, count: 2});
    t.deepEqual(
      header.connections.map(({clientPort}) => clientPort),
      [4000],
    );
    t.regex(stop?.reason ?? '', /connection 2 of 2/);
  });

test('size and count are as they are given', t => {
  const {header} = read({version: 1, id: 7, size: 45, count: 3, connections: [told]});
  t.like(header, {size: 45, count: 3});
});

test('more than there is cannot be cut off', t => {
  const message: SyncMessage = {version: 1, id: 7, cut: 44, connections: [told]};
  const error = t.throws(() => bytesOf(message), {instanceOf: InputError});
  t.like(error?.problems[0], {where: 'step 1', value: '44', valid: ['a cut of 0 to 43 bytes']});
});
