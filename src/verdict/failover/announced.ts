import {sightingsOf} from '../../trace/essence.ts';
import type {Crossing} from '../../trace/types.ts';
import {CheckDraft} from '../checks.ts';
import type {Check} from '../types.ts';
import {failer, headersOf, linkOf, type FailoverCase} from './context.ts';
import {changeAt, isAlive, mastersOf, ownerOf} from './timeline.ts';

const broadcast = 'ff:ff:ff:ff:ff:ff';
const allNodes = '33:33:00:00:00:01';

/**
 * Each time that an address comes to another director, that one announces it with its own MAC to all of its network; and after the
 * healing of a split the one that remains does. None is announced by who is not, or is not becoming, its master.
 */
export function checkAnnounced(all: FailoverCase): Check {
  const {announcements, failover, judged, timeline} = all;
  const draft = new CheckDraft(
    'announced',
    'each new master announces the addresses with its MAC, to all',
    failover.proves.announced,
  );
  for (const {crossing, router, from, at} of announcements) {
    draft.judge();
    const fail = failer(judged, crossing, draft);
    const change = changeAt(timeline, at);
    const masters =
      change === undefined
        ? []
        : [...mastersOf(change.before, router), ...mastersOf(change.after, router)];
    const known = change?.kind === 'start' ? failover.directors : masters;
    if (!known.includes(from ?? '') || isAlive(timeline, from ?? '', at) === false)
      fail('announcement', known.join(' or ') || 'nobody', from ?? 'nobody');
    checkToAll(all, crossing, fail);
  }
  for (const [i, change] of timeline.changes.entries())
    for (const router of failover.routers) {
      const owner = ownerOf(change.after, router.id);
      if (owner === undefined || owner === ownerOf(change.before, router.id)) continue;
      const end = timeline.changes[i + 1]?.from;
      for (const address of router.addresses)
        if (
          !announcements.some(
            one =>
              one.address === address &&
              one.from === owner &&
              one.at >= change.from &&
              (end === undefined || one.at < end),
          )
        )
          draft.fail({
            field: 'announcement',
            expected: `${owner} announces ${judged.names.name(address) ?? address}`,
            actual: 'it does not',
            place: `phase ${i + 1}`,
          });
    }
  return draft.done();
}

/** Ethernet, ARP and neighbour advertisement say the same MAC, and every node that has its links sees it. */
function checkToAll(
  {judged, timeline}: FailoverCase,
  crossing: Crossing,
  fail: ReturnType<typeof failer>,
): void {
  const {from, network, any} = crossing;
  const mac = linkOf(judged, from, network)?.mac ?? 'a MAC of the network';
  const [ethernet] = headersOf(crossing);
  const v4 = judged.expectation.family === 'v4';
  fail('eth.src', mac, ethernet?.source ?? '-');
  fail('eth.dst', v4 ? broadcast : allNodes, ethernet?.destination ?? '-');
  for (const header of any.packet.headers) {
    if (header.kind === 'arp') fail('arp.sender', mac, header.senderMac);
    if ('checksum' in header && header.checksum === 'bad')
      fail(`${header.kind}.checksum`, 'good', 'bad');
  }
  const seen = new Set(sightingsOf(crossing).map(({node}) => node));
  for (const {name} of judged.run.topology.nodes)
    if (
      linkOf(judged, name, network) !== undefined &&
      isAlive(timeline, name, any.frame.time) === true &&
      !seen.has(name)
    )
      fail('announcement', `seen at ${name}`, 'not seen there');
}
