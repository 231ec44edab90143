import {addressByName} from '../../../src/topology/names.ts';
import {build} from '../../../src/wire/build.ts';
import {encapsulations, innermostIp, ipHeaders} from '../../../src/wire/packet.ts';
import type {Frame, Packet} from '../../../src/wire/types.ts';
import type {ByteChange} from './field-faults.ts';
import type {Subject} from './subject.ts';

/** The encapsulation taken off, put on, or another one. */
export function carrierChanges(
  {run}: Subject,
  frame: Frame,
  packet: Packet,
): readonly ByteChange[] {
  const inner = innermostIp(packet);
  const [outer] = ipHeaders(packet);
  if (inner === undefined || outer === undefined || frame.linkType !== 'ethernet') return [];
  const packed = frame.bytes.subarray(inner.offset, packet.payload.offset + packet.payload.length);
  const wrap = (content: Uint8Array): Uint8Array =>
    Buffer.concat([frame.bytes.subarray(0, outer.offset), content]);
  const carried = (source: string, destination: string, protocol: number, prefix: string) =>
    wrap(
      build(
        [
          outer.kind === 'ipv4'
            ? {kind: 'ipv4', source, destination, ttl: 63, id: 4711, protocol}
            : {kind: 'ipv6', source, destination, hopLimit: 63, protocol},
        ],
        Buffer.concat([Buffer.from(prefix, 'hex'), packed]),
      ),
    );
  const ipip = inner.kind === 'ipv4' ? 4 : 41;
  const gre = inner.kind === 'ipv4' ? '00000800' : '000086dd';
  const family = outer.kind === 'ipv4' ? 'v4' : 'v6';
  const address = (...names: readonly string[]): string =>
    names.map(name => addressByName(run.topology, name, family)).find(Boolean) ?? '';
  const [kind] = encapsulations(packet);
  if (kind === undefined)
    return [
      {
        kind: 'encapsulation: added',
        bytes: carried(address('DIP', 'DIP1'), address('RIP1'), ipip, ''),
      },
    ];
  const {source, destination} = outer;
  return [
    {kind: 'encapsulation: removed', bytes: wrap(packed)},
    {
      kind: 'encapsulation: another',
      bytes:
        kind === 'gre'
          ? carried(source, destination, ipip, '')
          : carried(source, destination, 47, gre),
    },
  ];
}
