import {arrival, departure, placeOf} from '../../trace/essence.ts';
import type {Crossing} from '../../trace/types.ts';
import {CheckDraft} from '../checks.ts';
import type {Setting} from '../compare.ts';
import type {Mismatch} from '../mismatch.ts';
import {compareShape} from './caused.ts';
import {compareAround, compareExchangeHop} from './compare.ts';
import {predict, type Link} from './hop.ts';
import type {Packet} from '../../wire/types.ts';
import {decoded, printable, type Decoded, type Inner} from './inner.ts';
import {sameInner, type Ledger} from './ledger.ts';
import type {CausedExpectation} from './types.ts';

/** What following one packet needs. */
export interface Following {
  readonly setting: Setting;
  readonly ledger: Ledger;
  /** The check of each of the packet's links. */
  readonly drafts: readonly CheckDraft[];
  /** When the next step began: what departs later is not taken for something that it is not. */
  readonly until: bigint;
}

/** The crossings that were taken for a packet's, in order, and whether they are all that it should have, as they should be. */
export interface Taken {
  readonly crossings: readonly Crossing[];
  readonly whole: boolean;
}

const nothing: Taken = {crossings: [], whole: false};

/** The frame that was sent, on its sender's link, by its exact bytes. */
export const findSent = (ledger: Ledger, link: Link, frame: Buffer): Crossing | undefined =>
  ledger.find(({network, any}) => network === link.network && frame.equals(any.frame.bytes));

/** Any frame that came from the sender onto the link and that nobody expects: the one that was sent, altered. */
export const findAnySent = (ledger: Ledger, link: Link, until: bigint): Crossing | undefined =>
  ledger.find(
    crossing =>
      crossing.network === link.network &&
      crossing.from === link.link.source &&
      departure(crossing) < until,
  );

/** Judges all hops of a packet that was sent as `frame`, and found as \`found\` on its first link. */
export function followSent(
  following: Following,
  links: readonly Link[],
  frame: Buffer,
  found: Crossing | undefined,
): Taken {
  const [first] = links;
  if (first === undefined) return nothing;
  if (found === undefined) {
    missing(following, first, 0, 'the frame was not seen', undefined);
    return nothing;
  }
  const sent = decoded(frame);
  const expected = predict(sent, first, following.setting.names);
  const mismatches = compareExchangeHop(following.setting, first, found, undefined, expected);
  judgeHop(following, 0, found, mismatches, sent.packet);
  return followOn(following, links, found, mismatches.length === 0);
}

/** Judges all hops of a packet that a node made because of `cause`. */
export function followCaused(
  following: Following,
  links: readonly Link[],
  {shape}: CausedExpectation,
  cause: Crossing,
): Taken {
  const {setting, ledger, until} = following;
  const [first] = links;
  if (first === undefined) return nothing;
  const mismatches = (crossing: Crossing): readonly Mismatch[] => [
    ...compareAround(setting, first, crossing, undefined),
    ...compareShape(setting, shape, first, crossing, cause),
  ];
  const fromIt = ({network, from}: Crossing): boolean =>
    network === first.network && from === first.link.source;
  const since = arrival(cause);
  const found =
    ledger.find(crossing => fromIt(crossing) && mismatches(crossing).length === 0, since) ??
    ledger.find(crossing => fromIt(crossing) && departure(crossing) < until, since);
  if (found === undefined) {
    missing(following, first, 0, `${first.link.source} sends no such packet`, undefined);
    return nothing;
  }
  const wrong = mismatches(found);
  judgeHop(following, 0, found, wrong, undefined);
  return followOn(following, links, found, wrong.length === 0);
}

/** The hops behind the first one. */
function followOn(
  following: Following,
  links: readonly Link[],
  first: Crossing,
  isRight: boolean,
): Taken {
  const {setting, ledger} = following;
  ledger.take(first);
  const taken = [first];
  let whole = isRight;
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
      return {crossings: taken, whole: false};
    }
    ledger.take(found);
    taken.push(found);
    const mismatches = compareExchangeHop(setting, link, found, before, expected);
    whole &&= mismatches.length === 0;
    const packet = expected === undefined ? undefined : printable(expected);
    judgeHop(following, i, found, mismatches, packet);
  }
  return {crossings: taken, whole};
}

const contentOf = ({any}: Crossing): Decoded => ({bytes: any.frame.bytes, packet: any.packet});

function judgeHop(
  {setting, drafts}: Following,
  i: number,
  crossing: Crossing,
  mismatches: readonly Mismatch[],
  expected: Packet | undefined,
): void {
  drafts[i]?.judge();
  for (const mismatch of mismatches)
    drafts[i]?.fail({
      ...mismatch,
      place: placeOf(crossing.any),
      expectedPacket: expected === undefined ? '' : setting.notation.packet(expected),
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
    expectedPacket: expected === undefined ? '' : setting.notation.packet(printable(expected)),
  });
}
