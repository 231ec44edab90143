import {nodeOfAddress} from '../../topology/names.ts';
import type {Crossing} from '../../trace/types.ts';
import {innermostIp} from '../../wire/packet.ts';
import type {Arp} from '../../wire/types.ts';
import {CheckDraft} from '../checks.ts';
import {neighbourTarget} from '../neighbours.ts';
import type {Check} from '../types.ts';
import {failer, headersOf, linkOf, type FailoverCase} from './context.ts';
import {changeAt, isBeforeEnd, mastersOf} from './timeline.ts';

/**
 * What is no connection, no VRRP and no sync message is address resolution, true and by who may speak of it, or a director's
 * joining and leaving of its groups (IGMP, MLD). Any other frame fails.
 */
export function checkFrames(all: FailoverCase): Check {
  const {judged} = all;
  const draft = new CheckDraft('frames', 'no frame but those that are expected');
  for (const crossing of judged.trace.other) {
    if (!isBeforeEnd(all.timeline, crossing)) continue;
    draft.judge();
    const wrong = wrongWith(all, crossing);
    if (wrong !== undefined) failer(judged, crossing, draft)('frame', wrong, 'this one');
  }
  return draft.done();
}

/** What should have been there in the frame's place; undefined when it may be there. */
function wrongWith(all: FailoverCase, crossing: Crossing): string | undefined {
  const {judged, failover} = all;
  const {from, network, any} = crossing;
  const {headers} = any.packet;
  const link = linkOf(judged, from, network);
  if (link === undefined) return 'a frame of a node of the network';
  // These are judged by checks of their own.
  if (headers.some(({kind}) => kind === 'vrrp')) return undefined;
  const arp = headers.find(({kind}) => kind === 'arp');
  if (arp?.kind === 'arp') return wrongArp(all, crossing, arp, link.mac);
  const ip = innermostIp(any.packet);
  const isDirector = failover.directors.includes(from ?? '');
  if (ip?.kind === 'ipv4' && ip.protocol === igmp && ip.destination === '224.0.0.22')
    return isDirector ? undefined : 'group membership of directors only';
  const icmp = headers.find(({kind}) => kind === 'icmpv6');
  if (icmp?.kind !== 'icmpv6') return 'ARP, VRRP, IGMP or a frame of a connection';
  if (icmp.type === listenerReport) return undefined;
  const [target] = neighbourTarget(icmp, any.frame.bytes);
  if (target === undefined) return 'neighbour discovery, VRRP, MLD or a frame of a connection';
  if (!isKnown(all, target)) return 'neighbour discovery of an address of the lab';
  const tells = icmp.type === neighbourAdvertisement;
  return tells && !mayHold(all, crossing, target)
    ? 'an advertisement by who has the address'
    : undefined;
}

const igmp = 2;
/** Multicast listener reports, version 2 (RFC 9777). */
const listenerReport = 143;
const neighbourAdvertisement = 136;

function wrongArp(
  all: FailoverCase,
  crossing: Crossing,
  {operation, senderMac, senderIp, targetIp}: Arp,
  mac: string,
): string | undefined {
  const [ethernet] = headersOf(crossing);
  if (senderMac !== mac || ethernet?.source !== mac) return `ARP with the sender's MAC ${mac}`;
  if (operation !== 1 && operation !== 2) return 'an ARP request or reply';
  if (!mayHold(all, crossing, senderIp)) return 'ARP by who has the sender address';
  return isKnown(all, targetIp) ? undefined : 'ARP for an address of the lab';
}

/** An address of an interface, or one that directors share; link-local ones follow from MACs. */
const isKnown = ({judged, failover}: FailoverCase, address: string): boolean =>
  address.startsWith('fe80:') ||
  nodeOfAddress(judged.run.topology, address) !== undefined ||
  failover.routers.some(({addresses}) => addresses.includes(address));

/** Whether the sender of the frame has the address as its own, or is, was or becomes master of it. */
function mayHold(
  {judged, failover, timeline}: FailoverCase,
  crossing: Crossing,
  address: string,
): boolean {
  const {from, any} = crossing;
  if (address.startsWith('fe80:')) return true;
  const holder = nodeOfAddress(judged.run.topology, address);
  if (holder !== undefined) return holder.node.name === from;
  const router = failover.routers.find(({addresses}) => addresses.includes(address));
  const change = changeAt(timeline, any.frame.time);
  if (router === undefined || change === undefined) return false;
  if (change.kind === 'start') return failover.directors.includes(from ?? '');
  return [...mastersOf(change.before, router.id), ...mastersOf(change.after, router.id)].includes(
    from ?? '',
  );
}
