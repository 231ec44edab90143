import {sightingsOf} from '../../trace/essence.ts';
import type {Crossing, Trace} from '../../trace/types.ts';
import {innermostIp} from '../../wire/packet.ts';
import {claimsOf} from '../neighbours.ts';
import type {FailoverRouter} from './types.ts';

/** A frame by which a director tells all that it has an address of a virtual router. */
export interface Announcement {
  readonly router: number;
  readonly address: string;
  readonly from: string | undefined;
  readonly crossing: Crossing;
  readonly at: bigint;
}

/** Gratuitous ARP (RFC 5227, 3) and unsolicited neighbour advertisements (RFC 4861, 7.2.6) for the routers' addresses, in order. */
export const announcementsOf = (
  trace: Trace,
  routers: readonly FailoverRouter[],
): readonly Announcement[] =>
  routers
    .flatMap(({id, addresses}) =>
      addresses.flatMap(address =>
        claimsOf(trace, address)
          .filter(crossing => isToAll(crossing, address))
          .map(crossing => ({
            router: id,
            address,
            from: crossing.from,
            crossing,
            at: crossing.any.frame.time,
          })),
      ),
    )
    .toSorted((a, b) => Number(a.at - b.at));

/** One that has the address too answers a gratuitous request, as any other: that is for the asker alone. */
function isToAll({to, any: {packet}}: Crossing, address: string): boolean {
  const arp = packet.headers.find(({kind}) => kind === 'arp');
  if (arp?.kind === 'arp') return arp.targetIp === address && to === undefined;
  return innermostIp(packet)?.destination === 'ff02::1';
}

/** Any frame by which a director lets another node know that it has an address: announcements, answers, and its own questions. */
export type Telling = Pick<Announcement, 'router' | 'from' | 'crossing' | 'at'>;

/** In order of time. Who asks tells its own address with it (RFC 826; RFC 4861, 7.2.3). */
export const tellingsOf = (trace: Trace, routers: readonly FailoverRouter[]): readonly Telling[] =>
  routers
    .flatMap(({id, addresses}) =>
      addresses.flatMap(address =>
        [...claimsOf(trace, address), ...questionsOf(trace, address)].map(crossing => ({
          router: id,
          from: crossing.from,
          crossing,
          at: crossing.any.frame.time,
        })),
      ),
    )
    .toSorted((a, b) => Number(a.at - b.at));

const questionsOf = (trace: Trace, address: string): readonly Crossing[] =>
  trace.other.filter(
    ({any: {packet}}) =>
      packet.headers.some(
        ({kind, ...header}) =>
          kind === 'icmpv6' && 'type' in header && header.type === solicitation,
      ) && innermostIp(packet)?.source === address,
  );
const solicitation = 135;

/** When a node saw the frame; undefined when it did not. */
export const seenAt = (crossing: Crossing, node: string | undefined): bigint | undefined =>
  sightingsOf(crossing).find(sighting => sighting.node === node)?.frame.time;
