import {placeOf} from '../trace/essence.ts';
import {isIcmpError} from '../wire/icmp.ts';
import type {Crossing} from '../trace/types.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import {Notation} from './notation.ts';
import type {Check} from './types.ts';

/** No ICMP error but the expected, whatever it quotes. */
export function checkErrors(judged: Case): Check {
  const draft = new CheckDraft('errors', 'no ICMP error');
  const notation = new Notation(judged.names);
  const {flows, other} = judged.trace;
  for (const {paths, errors} of flows) {
    draft.judge(paths.length);
    for (const {crossings} of errors)
      for (const crossing of crossings) refuse(draft, notation, crossing);
  }
  for (const crossing of other.filter(isError)) refuse(draft, notation, crossing);
  return draft.done();
}

function refuse(draft: CheckDraft, notation: Notation, crossing: Crossing): void {
  draft.fail({
    field: 'icmp',
    expected: 'no ICMP error',
    actual: 'one',
    place: placeOf(crossing.any),
    actualPacket: notation.seen(crossing),
  });
}

const isError = ({any}: Crossing): boolean =>
  any.packet.headers.some(
    header =>
      (header.kind === 'icmp' || header.kind === 'icmpv6') && isIcmpError(header.kind, header.type),
  );
