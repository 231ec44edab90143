import {placeOf, sightingsOf} from '../../trace/essence.ts';
import {isReset} from '../../wire/packet.ts';
import {frameLine, type Finding} from '../finding.ts';
import {type Diagnosis} from '../types.ts';
import {causes} from '../causes.ts';
import {advertsOf} from './adverts.ts';
import type {FailoverCase} from './context.ts';
import {isOf, messagesOf, syncedEntries} from './sync.ts';
import {mastersOf, ownerOf} from './timeline.ts';

// As of the other causes: more would only fill the screen.
const shown = 4;

/** The causes that the evidence of a failover shows, the nearest to the root first. */
export function diagnoseFailover(all: FailoverCase): readonly Diagnosis[] {
  const findings: readonly Finding[] = [
    ['other-priority', otherPriorities(all)],
    ['not-synced', notSynced(all)],
    ['adverts-blocked', blocked(all)],
    ['not-announced', notAnnounced(all)],
  ];
  return findings.flatMap(([cause, evidence]) =>
    evidence.length === 0 ? [] : [{cause, text: causes[cause], evidence: evidence.slice(0, shown)}],
  );
}

/** A connection that a director reset, and that no sync message had ever told of. */
function notSynced(all: FailoverCase): readonly string[] {
  const {judged, failover} = all;
  const line = frameLine(judged);
  const messages = messagesOf(all);
  return judged.connections.flatMap(connection => {
    const reset = [...connection.request, ...connection.reply]
      .filter(({origin}) => failover.directors.includes(origin ?? ''))
      .map(({crossings}) => crossings[0])
      .find(crossing => crossing !== undefined && isReset(crossing.any.packet));
    if (reset?.from === undefined) return [];
    const {time} = reset.any.frame;
    const told = messages.some(
      ({crossing, header}) =>
        crossing.any.frame.time < time && header.connections.some(isOf(connection)),
    );
    const {source, sourcePort} = connection.flow.tuple;
    const there = syncedEntries(all, reset.from).some(
      ({client}) => client.address === source && client.port === sourcePort,
    );
    if (told || there) return [];
    const datagrams =
      messages.length === 0 ? 'no sync message is in any capture' : 'no sync message has it';
    return [line(reset), `${datagrams}; ipvsadm -Lnc on ${reset.from} had no entry before`];
  });
}

/** Two that advertise one virtual router in a phase of one master, though each other's frames came to their interfaces. */
function blocked(all: FailoverCase): readonly string[] {
  const {failover, judged, timeline} = all;
  const line = frameLine(judged);
  const adverts = advertsOf(all);
  return timeline.changes.flatMap((change, i) =>
    failover.routers.flatMap(({id}) => {
      const masters = mastersOf(change.after, id);
      const end = timeline.changes[i + 1]?.from;
      if (masters.length !== 1) return [];
      const heard = adverts.filter(
        ({header, at}) =>
          header.virtualRouter === id &&
          at > (change.reached ? change.settled : change.from) &&
          (end === undefined || at < end),
      );
      const stranger = heard.find(({crossing}) => !masters.includes(crossing.from ?? ''));
      const master = heard.find(({crossing}) => masters.includes(crossing.from ?? ''));
      if (stranger?.crossing.from === undefined || master === undefined) return [];
      const {from} = stranger.crossing;
      const arrived = sightingsOf(master.crossing).find(({node}) => node === from);
      const dropped = dropsAt(all, from);
      return arrived === undefined || dropped === undefined
        ? []
        : [
            line(stranger.crossing),
            `${placeOf(arrived)}: ${master.crossing.from ?? ''} advertises too`,
            `${from}: ${dropped}`,
          ];
    }),
  );
}

/** The firewall's rule that dropped VRRP, with its count; undefined when none did. */
const dropsAt = ({judged}: FailoverCase, node: string): string | undefined =>
  judged.run
    .text(node, 'firewall')
    .split('\n')
    .map(line => line.trim())
    .find(line => /^[1-9]\d*\s+\d+\s+DROP\s+(112|vrrp)\b/.test(line));

/**
 * The master's advertisement in a phase in which it had not announced the address, which another had held before; and packets that
 * still went to that one.
 */
function notAnnounced(all: FailoverCase): readonly string[] {
  const {announcements, failover, judged, timeline} = all;
  const line = frameLine(judged);
  return timeline.changes.flatMap((change, i) =>
    failover.routers.flatMap(({id}) => {
      const [old, owner] = [ownerOf(change.before, id), ownerOf(change.after, id)];
      const end = timeline.changes[i + 1]?.from;
      const within = (at: bigint): boolean => at >= change.from && (end === undefined || at < end);
      if (old === undefined || owner === undefined || old === owner) return [];
      if (announcements.some(one => one.router === id && one.from === owner && within(one.at)))
        return [];
      const advert = advertsOf(all).find(
        ({header, crossing, at}) =>
          header.virtualRouter === id &&
          crossing.from === owner &&
          within(at) &&
          at > change.settled,
      );
      if (advert === undefined) return [];
      const astray = judged.connections
        .flatMap(({request}) => request.flatMap(({crossings}) => crossings))
        .filter(
          ({to, any}) => to === old && any.frame.time > change.settled && within(any.frame.time),
        )
        .map(line);
      return [...astray, line(advert.crossing)];
    }),
  );
}

function otherPriorities(all: FailoverCase): readonly string[] {
  const {failover, judged} = all;
  const line = frameLine(judged);
  return failover.routers.flatMap(({id, priorities}) =>
    advertsOf(all)
      .filter(
        ({header, crossing}) =>
          header.virtualRouter === id &&
          header.priority !== 0 &&
          header.priority !== priorities[crossing.from ?? ''],
      )
      .map(({crossing}) => line(crossing)),
  );
}
