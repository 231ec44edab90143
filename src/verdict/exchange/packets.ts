import {departure, placeOf} from '../../trace/essence.ts';
import type {Crossing} from '../../trace/types.ts';
import {CheckDraft} from '../checks.ts';
import type {Setting} from '../compare.ts';
import type {Check} from '../types.ts';
import {findAnySent, findSent, followCaused, followSent} from './follow.ts';
import {completeLinks, type Link} from './hop.ts';
import type {Ledger} from './ledger.ts';
import type {ExchangeHop, SentExpectation, StepExpectation} from './types.ts';

type Packets = Extract<StepExpectation, {readonly kind: 'packets'}>;

/** The crossings of a packet and of what it caused, as far as they were found. */
export interface Followed {
  readonly step: number;
  /** Those of the packet, and of each that it caused. */
  readonly ways: readonly (readonly Crossing[])[];
  readonly crossings: readonly Crossing[];
  /** Each of them is as it should be, and none is missing. */
  readonly whole: boolean;
  /** Those that went to a group, which all of a network see. */
  readonly toAll: readonly Crossing[];
  /** What was sent, and is in no capture. */
  readonly lost: boolean;
}

/** What judging all packets gave. */
export interface JudgedPackets {
  readonly checks: readonly Check[];
  readonly followed: readonly Followed[];
  /** Crossings behind the end of a path, which its check tells of. */
  readonly beyond: ReadonlySet<Crossing>;
}

/** A packet with its links and checks. */
interface Prepared {
  readonly step: number;
  readonly sent: SentExpectation;
  readonly frame: Buffer;
  readonly links: readonly Link[];
  readonly drafts: readonly CheckDraft[];
  readonly causes: readonly {
    readonly links: readonly Link[];
    readonly drafts: readonly CheckDraft[];
  }[];
}

/** Judges every packet of the script and what it causes: one check for each of their links. */
export function judgePackets(
  setting: Setting,
  ledger: Ledger,
  steps: readonly Packets[],
): JudgedPackets {
  const drafts = new Map<string, CheckDraft>();
  const prepared = steps.flatMap(step => prepare(setting, step, drafts));
  // What is there as it was sent is nobody else's: only then may an altered frame be looked for.
  const found = prepared.map(({links, frame}) => {
    const [first] = links;
    const crossing = first === undefined ? undefined : findSent(ledger, first, frame);
    if (crossing !== undefined) ledger.take(crossing);
    return crossing;
  });
  const beyond = new Set<Crossing>();
  const followed = prepared.map((one, i): Followed => {
    const later = found.find((crossing, n) => crossing !== undefined && isLater(prepared[n], one));
    const until = later === undefined ? end : departure(later);
    const following = {setting, ledger, drafts: one.drafts, until};
    const [first] = one.links;
    const start = found[i] ?? (first === undefined ? undefined : findAnySent(ledger, first, until));
    const sent = followSent(following, one.links, one.frame, start);
    const last = sent.crossings.at(-1);
    const caused = one.causes.flatMap(({links, drafts: own}, n) => {
      const expected = one.sent.causes[n];
      if (last === undefined || expected === undefined) return [];
      return [followCaused({...following, drafts: own}, links, expected, last)];
    });
    const all = [sent, ...caused];
    return {
      step: one.step,
      ways: all.map(({crossings}) => crossings),
      crossings: all.flatMap(({crossings}) => crossings),
      toAll: one.links.flatMap(({toAll}, n) => (toAll ? sent.crossings.slice(n, n + 1) : [])),
      whole: all.every(({whole}) => whole),
      lost: start === undefined,
    };
  });
  for (const [i, {crossings}] of followed.entries()) {
    const one = prepared[i];
    const last = one === undefined ? undefined : crossings[one.links.length - 1];
    const next = last === undefined ? undefined : ledger.next(last);
    if (one === undefined || next === undefined) continue;
    beyond.add(next);
    one.drafts.at(-1)?.fail({
      field: 'path',
      expected: `the packet ends at ${one.links.at(-1)?.link.destination}`,
      actual: `it goes on to ${next.to ?? 'no node'}`,
      place: placeOf(next.any),
      actualPacket: setting.notation.seen(next),
    });
  }
  return {checks: [...drafts.values()].map(draft => draft.done()), followed, beyond};
}

/** Behind all times. */
const end = 2n ** 64n;

const isLater = (a: Prepared | undefined, {step}: Prepared): boolean =>
  a !== undefined && a.step > step;

function prepare(
  {topology, names}: Setting,
  {step, title, packets}: Packets,
  drafts: Map<string, CheckDraft>,
): Prepared[] {
  // Packets of one way share their checks.
  const ways = [...new Set(packets.map(wayOf))];
  const draftsOf = (id: string, what: string, links: readonly Link[]): CheckDraft[] =>
    links.map(link => {
      const key = `${id}.hop.${link.number}`;
      const known = drafts.get(key);
      if (known !== undefined) return known;
      const {source, destination} = link.link;
      const draft = new CheckDraft(
        key,
        `${what}, hop ${link.number}: ${source} > ${destination}`,
        link.proves,
      );
      drafts.set(key, draft);
      return draft;
    });
  return packets.map(sent => {
    const way = ways.indexOf(wayOf(sent)) + 1;
    const id = ways.length === 1 ? `step.${step}` : `step.${step}.way.${way}`;
    const links = complete(sent.hops);
    return {
      step,
      sent,
      frame: Buffer.from(sent.frame, 'hex'),
      links,
      drafts: draftsOf(id, title, links),
      causes: sent.causes.map(({hops}, i) => {
        const own = complete(hops);
        return {
          links: own,
          drafts: draftsOf(`${id}.cause.${i + 1}`, `${title}, what it causes`, own),
        };
      }),
    };
  });

  function complete(hops: readonly ExchangeHop[]): readonly Link[] {
    return completeLinks(hops, topology, names);
  }
}

/** All that a packet's hops say but for the ports, which differ in a repetition. */
const wayOf = ({hops, causes}: SentExpectation): string =>
  JSON.stringify([hops, causes], (key: string, value: unknown) =>
    key === 'ports' ? undefined : value,
  );
