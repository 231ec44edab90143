import {placeOf} from '../../trace/essence.ts';
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
  readonly crossings: readonly Crossing[];
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
  readonly title: string;
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
    const following = {setting, ledger, drafts: one.drafts, title: one.title};
    const [first] = one.links;
    const start = found[i] ?? (first === undefined ? undefined : findAnySent(ledger, first));
    const crossings = followSent(following, one.links, one.frame, start);
    const last = crossings.at(-1);
    const caused = one.causes.flatMap(({links, drafts: own}, n) => {
      const expected = one.sent.causes[n];
      if (last === undefined || expected === undefined) return [];
      return followCaused({...following, drafts: own}, links, expected, last);
    });
    return {step: one.step, crossings: [...crossings, ...caused]};
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
      title,
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
