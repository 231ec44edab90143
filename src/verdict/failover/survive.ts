import {placeOf} from '../../trace/essence.ts';
import {isReset} from '../../wire/packet.ts';
import {CheckDraft} from '../checks.ts';
import {Notation} from '../notation.ts';
import type {Check} from '../types.ts';
import type {FailoverCase} from './context.ts';
import {survivorsOf} from './sync.ts';

/** Each connection that was held when a director died has its packets answered through the other. [] when nobody dies or should. */
export function checkSurvive(all: FailoverCase): readonly Check[] {
  const {failover, judged, timeline} = all;
  if (timeline.deaths.size === 0 && failover.survivors === 0) return [];
  const draft = new CheckDraft(
    'survive',
    'held connections go on through the new master',
    failover.proves.survive,
  );
  const survivors = survivorsOf(all);
  if (survivors.length !== failover.survivors)
    draft.fail({
      field: 'connections',
      expected: `${failover.survivors} with packets through both directors`,
      actual: String(survivors.length),
    });
  for (const {connection, backup} of survivors) {
    draft.judge();
    const {sourcePort} = connection.flow.tuple;
    const place = `connection from port ${sourcePort}`;
    for (const path of [...connection.request, ...connection.reply]) {
      const [first] = path.crossings;
      if (first === undefined || !failover.directors.includes(path.origin ?? '')) continue;
      const word = isReset(first.any.packet) ? 'an RST' : 'a packet';
      draft.fail({
        field: 'origin',
        expected: 'packets of the client and of the real server',
        actual: `${word} that ${path.origin} made`,
        place: placeOf(first.any),
        actualPacket: new Notation(judged.names, connection).seen(first),
      });
    }
    const through = all.sorted.through.get(backup)?.find(one => one.flow === connection.flow);
    if (through === undefined || through.reply.length === 0)
      draft.fail({
        field: 'reply',
        expected: `replies once ${backup} is master`,
        actual: 'none',
        place,
      });
  }
  return [draft.done()];
}
