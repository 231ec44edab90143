import {interfaceOn} from '../../topology/names.ts';
import type {Interface} from '../../topology/types.ts';
import {placeOf, sightingsOf} from '../../trace/essence.ts';
import type {Crossing} from '../../trace/types.ts';
import type {Ethernet, Ip} from '../../wire/types.ts';
import type {Case} from '../case.ts';
import type {CheckDraft} from '../checks.ts';
import {Notation} from '../notation.ts';
import type {Announcement} from './announcements.ts';
import type {Sorted} from './sort.ts';
import {isAlive, type Timeline} from './timeline.ts';
import type {Failover} from './types.ts';

/** All that the checks of one run with several directors look at. */
export interface FailoverCase {
  readonly judged: Case;
  readonly failover: Failover;
  readonly timeline: Timeline;
  readonly announcements: readonly Announcement[];
  readonly sorted: Sorted;
}

/** What a frame that went to a group must have been, and where it was. */
export interface Multicast {
  readonly network: string;
  readonly group: string;
  readonly mac: string;
  readonly ttl: number;
}

/** Fails the draft for everything that is not as a node's multicast must be: addresses, TTL, checksums, and that all could see it. */
export function checkMulticast(
  {judged, timeline}: FailoverCase,
  crossing: Crossing,
  expected: Multicast,
  draft: CheckDraft,
): void {
  const fail = failer(judged, crossing, draft);
  const {from, network, any} = crossing;
  const [ethernet, ip] = headersOf(crossing);
  fail('network', expected.network, network);
  fail('eth.dst', expected.mac, ethernet?.destination ?? '-');
  fail('ip.dst', expected.group, ip?.destination ?? '-');
  const own = linkOf(judged, from, network)?.address[ip?.kind === 'ipv6' ? 'v6' : 'v4'];
  // Over IPv6 both are sent from the link-local address.
  const source = ip?.source ?? '-';
  if (ip?.kind === 'ipv6')
    fail('ip.src', 'fe80::', source.startsWith('fe80::') ? 'fe80::' : source);
  else fail('ip.src', own ?? 'an address of the network', source);
  fail(
    'ip.ttl',
    String(expected.ttl),
    String(ip?.kind === 'ipv6' ? ip.hopLimit : (ip?.ttl ?? '-')),
  );
  for (const header of any.packet.headers)
    if ('checksum' in header && header.checksum === 'bad')
      fail(`${header.kind}.checksum`, 'good', 'bad');
  if (any.packet.stop !== undefined) fail('decode', 'a whole packet', any.packet.stop.reason);
  const seen = new Set(sightingsOf(crossing).map(({node}) => node));
  for (const {name} of judged.run.topology.nodes) {
    if (linkOf(judged, name, network) === undefined) continue;
    if (isAlive(timeline, name, any.frame.time) === true && !seen.has(name))
      fail('multicast', `seen at ${name}`, 'not seen there');
  }
}

export const linkOf = (
  {run}: Case,
  node: string | undefined,
  network: string,
): Interface | undefined => {
  const found = run.topology.nodes.find(({name}) => name === node);
  return found === undefined ? undefined : interfaceOn(found, network);
};

/** Compares, and fails the draft at the place of a frame when the values differ. */
export function failer(
  judged: Case,
  crossing: Crossing,
  draft: CheckDraft,
): (field: string, expected: string, actual: string) => void {
  return (field, expected, actual) => {
    if (expected === actual) return;
    draft.fail({
      field,
      expected,
      actual,
      place: placeOf(crossing.any),
      actualPacket: new Notation(judged.names).seen(crossing),
    });
  };
}

export function headersOf({any}: Crossing): readonly [Ethernet | undefined, Ip | undefined] {
  const {headers} = any.packet;
  const ethernet = headers.find(header => header.kind === 'ethernet');
  const ip = headers.find(header => header.kind === 'ipv4' || header.kind === 'ipv6');
  return [
    ethernet?.kind === 'ethernet' ? ethernet : undefined,
    ip?.kind === 'ipv4' || ip?.kind === 'ipv6' ? ip : undefined,
  ];
}
