import {canonical} from '../topology/ip.ts';
import {nodeOfAddress} from '../topology/names.ts';
import type {RunFolder} from '../run-folder/types.ts';

/** Whether a packet must be among what was counted, may be, or cannot be. */
export type Certainty = 'sure' | 'maybe' | 'never';

/** Whose counters: all services' together, the services', or those of the real servers in them. */
export type Level = 'all' | 'services' | 'realServers';

/** Whether what came to the director for the real server at the time (ns) is in its counters. */
export type Presence = (level: Level, server: string | undefined, at: bigint) => Certainty;

/**
 * What changes of a director's services mean for its counters (net/netfilter/ipvs/ip_vs_core.c, ip_vs_in_stats; ip_vs_ctl.c): packets
 * for a real server that was taken out count nowhere; services that were set up anew begin from 0; a real server that was put
 * back may begin from 0, or go on with what it had. Packets about the time of the change may be on either side of it.
 */
export function presenceAt({record, topology}: RunFolder, director: string): Presence {
  const events = record.events.filter(({node}) => node === director);
  const cleared = (record.cleared ?? [])
    .filter(({node}) => node === director)
    .map(({from, to}) => ({from: BigInt(from), to: BigInt(to)}));
  const last = cleared.at(-1);
  const edits = (kind: 'add' | 'remove', address: string) =>
    events.filter(
      ({edit}) => edit.kind === kind && canonical(edit.server.address) === canonical(address),
    );
  /** When it was seen to be gone, and since when it may have been. */
  const absences = (address: string) => {
    const node = nodeOfAddress(topology, address)?.node.name;
    return edits('remove', address).map(({at, from}) => {
      const stopped = (record.serving ?? []).findLast(
        one => one.node === node && !one.up && BigInt(one.from) < BigInt(at),
      );
      const back = edits('add', address).find(added => BigInt(added.at) > BigInt(at));
      return {
        from: BigInt(from ?? stopped?.from ?? 0),
        to: back === undefined ? undefined : BigInt(back.at),
      };
    });
  };
  const within = (at: bigint, {from, to}: {from: bigint; to: bigint | undefined}): boolean =>
    at >= from && (to === undefined || at <= to);
  return (level, server, at) => {
    if (level === 'services' && last !== undefined && at < last.from) return 'never';
    if (cleared.some(time => within(at, time))) return 'maybe';
    if (server === undefined) return 'sure';
    if (absences(server).some(time => within(at, time))) return 'maybe';
    const anew = (time: bigint): boolean => time > at;
    const changed = [...edits('add', server), ...edits('remove', server)];
    const again = cleared.some(({to}) => anew(to)) || changed.some(one => anew(BigInt(one.at)));
    return level === 'realServers' && again ? 'maybe' : 'sure';
  };
}
