import {advertsOf} from './adverts.ts';
import type {FailoverCase} from './context.ts';
import {isAlive, mastersOf} from './timeline.ts';
import type {FailoverRouter} from './types.ts';

/**
 * Why a host was too slow for its own failover: a master told of itself so late that a backup had to think it dead (RFC 9568, 6.1,
 * Active_Down_Interval), and took over. That is right of the backup, and says nothing of the set-up.
 */
export function findLateAdverts(all: FailoverCase): readonly string[] {
  const {failover, timeline} = all;
  const adverts = advertsOf(all);
  return timeline.changes.flatMap(({settled, reached, after}, i) => {
    const end = timeline.changes[i + 1]?.from;
    return failover.routers.flatMap(router => {
      const within = adverts.filter(
        ({header, at}) =>
          header.virtualRouter === router.id && at > settled && (end === undefined || at < end),
      );
      const masters = mastersOf(after, router.id);
      const stranger = within.find(({crossing}) => !masters.includes(crossing.from ?? ''));
      if (!reached || stranger === undefined) return [];
      return masters.flatMap(master => {
        if (isAlive(timeline, master, stranger.at) !== true) return [];
        const own = adverts.filter(
          ({header, crossing}) => header.virtualRouter === router.id && crossing.from === master,
        );
        const before = own.findLast(({at}) => at < stranger.at);
        const waited = before === undefined ? undefined : stranger.at - before.at;
        const down = downInterval(router, stranger.crossing.from ?? '', failover.interval);
        return waited === undefined || waited < down
          ? []
          : [
              `${master} did not advertise virtual router ${router.id} for ${waited / 1_000_000n} ms, so that ${stranger.crossing.from ?? 'another'} took over: the lab host was too slow`,
            ];
      });
    });
  });
}

/** Three intervals and a skew that is shorter the higher the backup's priority is, in nanoseconds. */
function downInterval({priorities}: FailoverRouter, backup: string, interval: number): bigint {
  const skew = ((256 - (priorities[backup] ?? 0)) * interval) / 256;
  return BigInt(Math.floor((3 * interval + skew) * 10_000_000));
}
