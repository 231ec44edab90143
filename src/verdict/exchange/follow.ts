import {departure, placeOf} from '../../trace/essence.ts';
import type {Crossing} from '../../trace/types.ts';
import {CheckDraft} from '../checks.ts';
import type {Setting} from '../compare.ts';
import type {Mismatch} from '../mismatch.ts';
import {compareShape} from './caused.ts';
import {compareAround, compareExchangeHop} from './compare.ts';
import {predict, type Link} from './hop.ts';
import {decoded, innerOf, type Decoded, type Inner} from './inner.ts';
import {arrival, sameInner, type Ledger} from './ledger.ts';
import type {CausedExpectation} from './types.ts';

/** What following one packet needs. */
export interface Following {
  readonly setting: Setting;
  readonly ledger: Ledger;
  /** The check of each of the packet's links. */
  readonly drafts: readonly CheckDraft[];
  /** `step 3`, with what makes a check's title of it. */
  readonly title: string;
}

/** The frame that was sent, on its sender's link, by its exact bytes. */
export const findSent = (ledger: Ledger, link: Link, frame: Buffer): Crossing | undefined =>
  ledger.find(({network, any}) => network === link.network && frame.equals(any.frame.bytes));

/** Any frame that came from the sender onto the link and that nobody expects: the one that was sent, altered. */
export const findAnySent = (ledger: Ledger, link: Link): Crossing | undefined =>
  ledger.find(({network, from}) => network === link.network && from === link.link.source);

/**
 * Judges all hops of a packet that was sent as `frame`. Gives the crossings that it took, in order; fewer when it ended
 * before.
 */
export function followSent(
  following: Following,
  links: readonly Link[],
  frame: Buffer,
  found: Crossing | undefined,
): readonly Crossing[] {
  const [first] = links;
  if (first === undefined) return [];
  if (found === undefined) {
    missing(following, first, 0, 'the frame was not seen', undefined);
    return [];
  }
  const sent = decoded(frame);
  judgeHop(
    following,
    0,
    found,
    compareExchangeHop(following.setting, first, found, undefined, innerOf(sent)),
    sent,
  );
  return followOn(following, links, found);
}

/** Judges all hops of a packet that a node made because of `cause`. */
export function followCaused(
  following: Following,
  links: readonly Link[],
  {shape}: CausedExpectation,
  cause: Crossing,
): readonly Crossing[] {
  const {setting, ledger} = following;
  const [first] = links;
  if (first === undefined) return [];
  const mismatches = (crossing: Crossing): readonly Mismatch[] => [
    ...compareAround(setting, first, crossing, undefined),
    ...compareShape(setting, shape, first, crossing, cause),
  ];
  const fromIt = ({network, from}: Crossing): boolean =>
    network === first.network && from === first.link.source;
  const since = departure(cause);
  const found =
    ledger.find(crossing => fromIt(crossing) && mismatches(crossing).length === 0, since) ??
    ledger.find(fromIt, since);
  if (found === undefined) {
    missing(following, first, 0, `${first.link.source} sends nothing`, undefined);
    return [];
  }
  judgeHop(following, 0, found, mismatches(found), undefined);
  return followOn(following, links, found);
}

/** The hops behind the first one. */
function followOn(
  following: Following,
  links: readonly Link[],
  first: Crossing,
): readonly Crossing[] {
  const {setting, ledger} = following;
  ledger.take(first);
  const taken = [first];
  for (const [i, link] of links.entries()) {
    const before = taken.at(-1);
    if (i === 0 || before === undefined) continue;
    const expected = predict(contentOf(before), link, setting.names);
    const found =
      ledger.find(
        crossing =>
          crossing.network === link.network &&
          crossing.from === link.link.source &&
          sameInner(ledger.inner(crossing), expected),
        arrival(before),
      ) ?? ledger.next(before);
    if (found === undefined) {
      missing(following, link, i, `the packet ends at ${before.to ?? 'no node'}`, before, expected);
      return taken;
    }
    ledger.take(found);
    taken.push(found);
    judgeHop(
      following,
      i,
      found,
      compareExchangeHop(setting, link, found, before, expected),
      expected === undefined ? undefined : decoded(expected.bytes, 'raw'),
    );
  }
  return taken;
}

const contentOf = ({any}: Crossing): Decoded => ({bytes: any.frame.bytes, packet: any.packet});

function judgeHop(
  {setting, drafts}: Following,
  i: number,
  crossing: Crossing,
  mismatches: readonly Mismatch[],
  expected: Decoded | undefined,
): void {
  drafts[i]?.judge();
  for (const mismatch of mismatches)
    drafts[i]?.fail({
      ...mismatch,
      place: placeOf(crossing.any),
      expectedPacket: expected === undefined ? '' : setting.notation.packet(expected.packet),
      actualPacket: setting.notation.seen(crossing),
    });
}

function missing(
  {setting, drafts}: Following,
  link: Link,
  i: number,
  actual: string,
  before: Crossing | undefined,
  expected?: Inner,
): void {
  drafts[i]?.judge();
  drafts[i]?.fail({
    field: 'path',
    expected: setting.notation.link(link.link),
    actual,
    place: before === undefined ? '' : placeOf(before.any),
    expectedPacket:
      expected === undefined ? '' : setting.notation.packet(decoded(expected.bytes, 'raw').packet),
  });
}
