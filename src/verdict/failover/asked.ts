import type {Crossing} from '../../trace/types.ts';
import type {Arp} from '../../wire/types.ts';
import {CheckDraft} from '../checks.ts';
import type {Check} from '../types.ts';
import {failer, linkOf, type FailoverCase} from './context.ts';
import {changeAt, mastersOf} from './timeline.ts';

/** Asked who has an address, exactly its masters of that phase answer, each with its own MAC. [] when nobody asks. */
export function checkAsked(all: FailoverCase): readonly Check[] {
  const {failover, judged, timeline} = all;
  const marks = (judged.run.record.marks ?? []).filter(({kind}) => kind === 'who-has');
  if (marks.length === 0) return [];
  const draft = new CheckDraft(
    'asked',
    'who has the address: each master answers, and nobody else',
    failover.proves.asked,
  );
  for (const [i, mark] of marks.entries()) {
    const [from, to] = [BigInt(mark.from), BigInt(mark.to)];
    const change = changeAt(timeline, from);
    const heard = judged.trace.other.flatMap(crossing => {
      const {time} = crossing.any.frame;
      const arp = arpIn(crossing);
      return arp === undefined || time < from || time > to ? [] : [{crossing, arp}];
    });
    const asked = heard.find(
      ({crossing, arp}) => arp.operation === 1 && mark.nodes.includes(crossing.from ?? ''),
    );
    const router = failover.routers.find(({addresses}) =>
      addresses.includes(asked?.arp.targetIp ?? ''),
    );
    const place = `question ${i + 1}`;
    if (asked === undefined || router === undefined || change === undefined) {
      draft.fail({field: 'arp', expected: 'who-has on the wire', actual: 'none', place});
      continue;
    }
    const answers = heard.filter(
      ({arp}) => arp.operation === 2 && arp.senderIp === asked.arp.targetIp,
    );
    draft.judge(answers.length);
    const expected = mastersOf(change.after, router.id).toSorted().join(' and ');
    const actual = [...new Set(answers.map(({crossing}) => crossing.from ?? 'nobody'))]
      .toSorted()
      .join(' and ');
    if (expected !== actual)
      draft.fail({
        field: 'arp',
        expected: `answered by ${expected}`,
        actual: actual || 'by nobody',
        place,
      });
    for (const {crossing, arp} of answers) {
      const mac = linkOf(judged, crossing.from, crossing.network)?.mac ?? '-';
      failer(judged, crossing, draft)('arp.sender', mac, arp.senderMac);
    }
  }
  return [draft.done()];
}

function arpIn({any}: Crossing): Arp | undefined {
  const header = any.packet.headers.find(({kind}) => kind === 'arp');
  return header?.kind === 'arp' ? header : undefined;
}
