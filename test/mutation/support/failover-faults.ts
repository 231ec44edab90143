import {interfaceOn, nodeByName} from '../../../src/topology/names.ts';
import {placeOf, sightingsOf} from '../../../src/trace/essence.ts';
import {traceRun} from '../../../src/trace/run.ts';
import type {Crossing} from '../../../src/trace/types.ts';
import type {Failover} from '../../../src/verdict/failover/types.ts';
import {adjust} from '../../../src/wire/checksum.ts';
import {patch} from '../../../src/wire/patch.ts';
import type {Frame} from '../../../src/wire/types.ts';
import {siteOf, type Fault} from './fault.ts';
import {frameAt, holding, withFrames, type Subject} from './subject.ts';

/** What directors say to each other and to all, said wrongly; and an expectation that says otherwise. [] without a failover. */
export function failoverFaults(subject: Subject): readonly Fault[] {
  const {expectation} = subject;
  if ('kind' in expectation || expectation.failover === undefined) return [];
  const {failover} = expectation;
  const {flows, other} = traceRun(subject.run.topology, subject.films);
  const ends = subject.run.record.marks?.find(({kind}) => kind === 'end')?.from;
  const said = [...other, ...flows.flatMap(({paths}) => paths.flatMap(path => path.crossings))]
    .filter(({any}) => ends === undefined || any.frame.time < BigInt(ends))
    .flatMap(crossing => saidWrongly(subject, failover, crossing));
  return [...said, ...expectedWrongly(subject, failover)];
}

type Bytes = (frame: Frame) => Uint8Array;

function saidWrongly(subject: Subject, failover: Failover, crossing: Crossing): readonly Fault[] {
  const {headers} = crossing.any.packet;
  const everywhere = (kind: string, change: Bytes): Fault => ({
    kind,
    scope: 'everywhere',
    place: placeOf(crossing.any),
    loss: false,
    plant: () =>
      withFrames(
        subject,
        sightingsOf(crossing).map(sighting => {
          const site = siteOf(subject, sighting);
          const frame = frameAt(subject, site);
          return {...site, become: [holding(frame, change(frame))]};
        }),
      ),
  });
  const other = failover.directors.find(name => name !== crossing.from) ?? '';
  const link = interfaceOn(nodeByName(subject.run.topology, other), crossing.network);
  const vrrp = headers.find(({kind}) => kind === 'vrrp');
  if (vrrp?.kind === 'vrrp') {
    const {offset} = vrrp;
    const word = (at: number, mask: number): Bytes => changeWord(offset + at, mask, offset + 6);
    const source = link?.address.v4 ?? '';
    return [
      everywhere('vrrp: another virtual router', word(0, 0x0040)),
      everywhere('vrrp: another version', word(0, 0x1000)),
      everywhere('vrrp: another type', word(0, 0x0200)),
      everywhere('vrrp: another priority', word(2, 0x0100)),
      everywhere('vrrp: gives up', word(2, vrrp.priority << 8)),
      everywhere('vrrp: another interval', word(4, 1)),
      everywhere('vrrp: another address', word(10, 1)),
      everywhere('vrrp: a bad checksum', changeWord(offset + 6, 1)),
      everywhere('vrrp: another TTL', frame => patch(frame, {ttl: 254})),
      everywhere("vrrp: another's MAC", frame => patch(frame, {sourceMac: link?.mac})),
      everywhere('vrrp: from another director', frame =>
        subject.expectation.family === 'v4'
          ? patch(frame, {sourceMac: link?.mac, source})
          : patch(frame, {sourceMac: link?.mac}),
      ),
      everywhere('vrrp: to one node', frame => patch(frame, {destinationMac: link?.mac})),
    ];
  }
  const arp = headers.find(({kind}) => kind === 'arp');
  if (arp?.kind === 'arp' && arp.senderIp === arp.targetIp && crossing.to === undefined)
    return [
      everywhere("announced: another's MAC", changeWord(arp.offset + 12, 1)),
      everywhere("announced: another's sender", frame => patch(frame, {sourceMac: link?.mac})),
      everywhere('announced: another address', changeWord(arp.offset + 16, 1)),
    ];
  const [sync, udp] = [
    headers.find(({kind}) => kind === 'ipvs-sync'),
    headers.find(({kind}) => kind === 'udp'),
  ];
  const connection = sync?.kind === 'ipvs-sync' ? sync.connections[0] : undefined;
  if (sync?.kind !== 'ipvs-sync' || udp?.kind !== 'udp' || connection === undefined) return [];
  const word = (at: number, mask: number): Bytes => changeWord(at, mask, udp.offset + 6);
  return [
    everywhere('sync: another id', word(sync.offset, 0x0002)),
    everywhere('sync: another client', word(connection.offset + 10, 1)),
    everywhere('sync: another real server', word(connection.offset + 24 + 3 * 4 - 2, 1)),
    everywhere('sync: another protocol', word(connection.offset, 1)),
    everywhere('sync: another TTL', frame => patch(frame, {ttl: 2})),
    everywhere("sync: another's MAC", frame => patch(frame, {sourceMac: link?.mac})),
  ];
}

/** Changes bits of a 16-bit word, and the checksum over it where one is named; a UDP checksum of 0 stays 0. */
const changeWord =
  (at: number, mask: number, checksumAt?: number): Bytes =>
  frame => {
    const bytes = Buffer.from(frame.bytes);
    const before = bytes.readUInt16BE(at);
    bytes.writeUInt16BE(before ^ mask, at);
    const checksum = checksumAt === undefined ? 0 : bytes.readUInt16BE(checksumAt);
    if (checksumAt !== undefined && checksum !== 0)
      bytes.writeUInt16BE(adjust(checksum, before, before ^ mask), checksumAt);
    return bytes;
  };

function expectedWrongly(subject: Subject, failover: Failover): readonly Fault[] {
  const {expectation} = subject;
  const expecting = (kind: string, change: Partial<Failover>): Fault => ({
    kind: `expected ${kind}`,
    scope: 'in the lab',
    place: 'failover',
    loss: false,
    plant: () => ({...subject, expectation: {...expectation, failover: {...failover, ...change}}}),
  });
  const {routers, phases, sync, directors} = failover;
  const swapped = (names: readonly string[]): readonly string[] =>
    names.map(name => directors.find(other => other !== name) ?? name);
  return [
    expecting('interval', {interval: failover.interval + 1}),
    expecting('survivors', {survivors: failover.survivors + 1}),
    expecting('phases: one less', {phases: phases.slice(0, -1)}),
    expecting('phases: one more', {phases: [...phases, ...phases.slice(-1)]}),
    ...(sync === undefined
      ? []
      : [
          expecting('sync id', {sync: {...sync, id: sync.id + 1}}),
          expecting('no sync', {sync: undefined}),
        ]),
    ...routers.flatMap((router, i) => [
      expecting('virtual router', {routers: routers.with(i, {...router, id: router.id + 100})}),
      expecting('shared address', {
        routers: routers.with(i, {...router, addresses: ['192.0.2.99']}),
      }),
      ...directors.map(name =>
        expecting('priority', {
          routers: routers.with(i, {
            ...router,
            priorities: {...router.priorities, [name]: (router.priorities[name] ?? 0) + 1},
          }),
        }),
      ),
    ]),
    ...phases.flatMap((phase, i) =>
      Object.entries(phase.masters).map(([id, names]) =>
        expecting('masters', {
          phases: phases.with(i, {masters: {...phase.masters, [id]: swapped(names)}}),
        }),
      ),
    ),
  ];
}
