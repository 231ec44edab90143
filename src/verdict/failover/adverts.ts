import type {Crossing} from '../../trace/types.ts';
import type {Vrrp} from '../../wire/message-types.ts';
import {CheckDraft} from '../checks.ts';
import type {Check} from '../types.ts';
import {checkMulticast, failer, type FailoverCase} from './context.ts';
import {isAlive, isBeforeEnd, mastersOf, possibleMasters, type Change} from './timeline.ts';
import type {FailoverRouter} from './types.ts';

/** An advertisement on the wire. */
export interface Advert {
  readonly crossing: Crossing;
  readonly header: Vrrp;
  readonly at: bigint;
}

/** The VRRP messages of a run up to its end, in order of time. */
export const advertsOf = ({
  judged,
  timeline,
}: Pick<FailoverCase, 'judged' | 'timeline'>): readonly Advert[] =>
  judged.trace.other
    .filter(crossing => isBeforeEnd(timeline, crossing))
    .flatMap(crossing => {
      const header = crossing.any.packet.headers.find(({kind}) => kind === 'vrrp');
      return header?.kind === 'vrrp' ? [{crossing, header, at: crossing.any.frame.time}] : [];
    })
    .toSorted((a, b) => Number(a.at - b.at));

// RFC 9568, 5.1.1 and 5.1.2: the groups, their MACs (RFC 1112, RFC 2464), and 255 so that no router can have forwarded it.
const groups = {
  v4: {group: '224.0.0.18', mac: '01:00:5e:00:00:12', ttl: 255},
  v6: {group: 'ff02::12', mac: '33:33:00:00:00:12', ttl: 255},
} as const;

/** Each advertisement right in all its fields and from who may send it then; each phase has its masters' and no others. */
export function checkAdverts(all: FailoverCase): readonly Check[] {
  const {failover, judged, timeline} = all;
  const adverts = advertsOf(all);
  const {proves} = failover;
  const whole = new CheckDraft(
    'adverts',
    'each VRRP advertisement whole, with the right fields, from a master',
    proves.adverts,
  );
  for (const {crossing, header, at} of adverts) {
    whole.judge();
    const fail = failer(judged, crossing, whole);
    const router = failover.routers.find(({id}) => id === header.virtualRouter);
    if (router === undefined) {
      fail('vrrp.vrid', routerIds(all), String(header.virtualRouter));
      continue;
    }
    const {network} = router;
    checkMulticast(all, crossing, {network, ...groups[judged.expectation.family]}, whole);
    checkFields(router, crossing, header, fail, failover.interval);
    const allowed = possibleMasters(timeline, failover, router.id, at);
    const {from = 'nobody'} = crossing;
    if (!allowed.includes(from) || isAlive(timeline, from, at) === false)
      fail('vrrp.master', allowed.join(' or ') || 'nobody', from);
  }
  const masters = new CheckDraft(
    'masters',
    'in each phase its masters advertise, and nobody else',
    proves.adverts,
  );
  for (const [i, change] of timeline.changes.entries())
    checkPhase(all, adverts, i, change, masters);
  if (timeline.changes.length !== failover.phases.length)
    masters.fail({
      field: 'phase',
      expected: `${failover.phases.length} phases`,
      actual: String(timeline.changes.length),
    });
  return [whole.done(), masters.done()];
}

const routerIds = ({failover}: FailoverCase): string =>
  failover.routers.map(({id}) => id).join(' or ');

function checkFields(
  router: FailoverRouter,
  {from = ''}: Crossing,
  header: Vrrp,
  fail: ReturnType<typeof failer>,
  interval: number,
): void {
  fail('vrrp.version', '3', String(header.version));
  fail('vrrp.type', '1', String(header.type));
  fail('vrrp.priority', String(router.priorities[from] ?? '-'), String(header.priority));
  fail(
    'vrrp.addresses',
    router.addresses.toSorted().join(', '),
    header.addresses.toSorted().join(', '),
  );
  if (header.version === 3)
    fail('vrrp.interval', String(interval), String(header.maxAdvertisementInterval));
}

/** In words, and each master must have been heard in the phase; who has become master says so at once (RFC 9568, 6.4.2). */
function checkPhase(
  {failover, timeline}: FailoverCase,
  adverts: readonly Advert[],
  index: number,
  change: Change,
  draft: CheckDraft,
): void {
  const end = timeline.changes[index + 1]?.from;
  const phase = `phase ${index + 1}`;
  if (!change.reached)
    draft.fail({
      field: 'masters',
      expected: wordMasters(failover.routers, change),
      actual: 'not so in time',
      place: phase,
    });
  for (const {id} of failover.routers) {
    const heard = adverts.filter(
      ({header, at}) =>
        header.virtualRouter === id && at >= change.from && (end === undefined || at < end),
    );
    draft.judge(heard.length);
    for (const master of mastersOf(change.after, id))
      if (!heard.some(({crossing}) => crossing.from === master))
        draft.fail({
          field: 'vrrp.master',
          expected: `${master} advertises virtual router ${id}`,
          actual: 'it does not',
          place: phase,
        });
  }
}

const wordMasters = (routers: readonly FailoverRouter[], {after}: Change): string =>
  routers.map(({id}) => `${id}: ${mastersOf(after, id).join(' and ') || 'nobody'}`).join(', ');
