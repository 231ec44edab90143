import {departure} from '../../trace/essence.ts';
import type {Crossing, Path} from '../../trace/types.ts';
import {innermostIp} from '../../wire/packet.ts';
import type {Connection} from '../connections.ts';
import type {Direction} from '../hops.ts';
import type {HopExpectation} from '../types.ts';
import {seenAt, type Telling} from './announcements.ts';
import {ownerOf, type Change, type Timeline} from './timeline.ts';
import type {Failover, FailoverRouter} from './types.ts';

/** The name that a link gives to the director that has the address at that time. */
export const presentDirector = 'director';

/** A packet that was sent to a dead director. */
export interface Lost {
  readonly connection: Connection;
  readonly path: Path;
  readonly direction: Direction;
  readonly director: string;
  /** That it ended there must be so; else the director was dying, and it may have been forwarded. */
  readonly change: Change;
}

/** The packets of all connections by the director that they must pass. */
export interface Sorted {
  readonly through: ReadonlyMap<string, readonly Connection[]>;
  readonly lost: readonly Lost[];
}

export interface Sorting {
  readonly failover: Failover;
  readonly timeline: Timeline;
  readonly tellings: readonly Telling[];
  readonly hops: Readonly<Record<Direction, readonly HopExpectation[]>>;
}

/**
 * Says for each packet which director it must pass, or that a dead one swallowed it. Who sends it to the director does so by its
 * neighbour table: to the old master until the new one has let it know that it has the address, and to the new one from then on.
 */
export function sortPaths(sorting: Sorting, connections: readonly Connection[]): Sorted {
  const {directors} = sorting.failover;
  const lost: Lost[] = [];
  const through = new Map<string, Connection[]>(directors.map(name => [name, []]));
  for (const connection of connections) {
    const own = new Map(
      directors.map(name => [name, {request: [] as Path[], reply: [] as Path[]}] as const),
    );
    for (const direction of ['request', 'reply'] as const)
      for (const path of connection[direction]) {
        const {director, change} = fateOf(sorting, direction, path);
        if (change !== undefined && director !== undefined)
          lost.push({connection, path, direction, director, change});
        else own.get(director ?? directors[0] ?? '')?.[direction].push(path);
      }
    for (const [name, paths] of own)
      if (paths.request.length + paths.reply.length > 0)
        through.get(name)?.push({...connection, ...paths});
  }
  return {through, lost};
}

interface Fate {
  readonly director: string | undefined;
  /** The death by which it was lost. */
  readonly change?: Change;
}

function fateOf(sorting: Sorting, direction: Direction, path: Path): Fate {
  const hops = sorting.hops[direction];
  const into = hops.findIndex(({link}) => link.endsWith(` > ${presentDirector}`));
  const crossing = path.crossings[into] ?? path.crossings[0];
  if (crossing === undefined) return {director: undefined};
  const router = routerOf(sorting.failover, crossing);
  const time = departure(crossing);
  const sender = path.crossings[into]?.from ?? crossing.to;
  let director: string | undefined;
  for (const change of sorting.timeline.changes) {
    if (change.from > time && director !== undefined) break;
    const [old, next] = [director, ownerOf(change.after, router.id)];
    if (old === undefined || old === next) {
      director = next;
      continue;
    }
    const seen = sorting.tellings
      .filter(one => one.router === router.id && one.from === next && one.at >= change.from)
      .map(({crossing: told}) => seenAt(told, sender))
      .find(at => at !== undefined);
    if (seen !== undefined && seen <= time) {
      director = next;
      continue;
    }
    const death = sorting.timeline.deaths.get(old);
    if (into < 0 || death === undefined || time < death.from) break;
    // While it dies it may still forward.
    if (time <= death.to && path.crossings.length > into + 1) break;
    return {director: old, change};
  }
  return {director};
}

/** The virtual router that has an address of the packet or, where it is but a gateway, the one of that network. */
function routerOf({routers}: Failover, {network, any}: Crossing): FailoverRouter {
  const ip = innermostIp(any.packet);
  const ends = new Set([ip?.destination, ip?.source]);
  const found =
    routers.find(({addresses}) => addresses.some(address => ends.has(address))) ??
    routers.find(router => router.network === network) ??
    routers[0];
  if (found === undefined) throw new Error('a failover lab without virtual routers');
  return found;
}
