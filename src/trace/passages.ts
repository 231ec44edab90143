import {arrival, byTime, departure, placeOf, reversed, tupleKey, type Essence} from './essence.ts';
import {groupBy} from './group.ts';
import type {Crossing} from './types.ts';

/** A crossing of a flow's packet, and the crossings before and after it on the packet's path. */
export interface Passage {
  readonly crossing: Crossing;
  readonly essence: Essence;
  previous: Passage | undefined;
  next: Passage | undefined;
}

// A node that keeps a packet longer than this has not forwarded it but sent another one like it.
const longest = 2_000_000_000n;
// Of many identical packets in flight only the nearest are candidates: this keeps the work linear.
const candidates = 64;

/** A packet that reached a node and one that left it, which may be the same, and how well they fit. */
interface Pair {
  readonly into: Passage;
  readonly out: Passage;
  /** 0 is perfect. */
  readonly misfit: number;
  readonly order: number;
}

/**
 * Links each passage into a node with the passage that continues it. Causality decides first; then the rewrite
 * that the node already did for this connection, the TTL, and the fewest rewrites. Returns what stayed undecided, in words.
 */
export function linkPassages(passages: readonly Passage[]): readonly string[] {
  const known = new Rewritings();
  const ambiguities: string[] = [];
  const groups = meetings(passages);
  // Meetings of one packet leave no choice: what they teach decides the others.
  const [single, several] = [
    groups.filter(({arrived, left}) => arrived.length === 1 && left.length === 1),
    groups.filter(({arrived, left}) => arrived.length > 1 || left.length > 1),
  ];
  for (const {node, arrived, left} of [...single, ...several])
    for (const pair of link(node, arrived, left, known, ambiguities)) known.learn(node, pair);
  return ambiguities;
}

interface Meeting {
  readonly node: string;
  readonly arrived: readonly Passage[];
  readonly left: readonly Passage[];
}

/** For each node and packet identity what arrived and what left, each in order of time. */
function meetings(passages: readonly Passage[]): readonly Meeting[] {
  const arrived = groupBy(
    passages.filter(({crossing}) => crossing.to !== undefined),
    ({crossing, essence}) => `${crossing.to} ${essence.identity}`,
  );
  const left = groupBy(
    passages.filter(({crossing}) => crossing.from !== undefined),
    ({crossing, essence}) => `${crossing.from} ${essence.identity}`,
  );
  return [...arrived].flatMap(([key, into]) => {
    const out = left.get(key);
    const node = into[0]?.crossing.to;
    if (out === undefined || node === undefined) return [];
    return [
      {
        node,
        arrived: into.toSorted((a, b) => byTime(arrival(a.crossing), arrival(b.crossing))),
        left: out.toSorted((a, b) => byTime(departure(a.crossing), departure(b.crossing))),
      },
    ];
  });
}

function link(
  node: string,
  arrived: readonly Passage[],
  left: readonly Passage[],
  known: Rewritings,
  ambiguities: string[],
): readonly Pair[] {
  const pairs = possiblePairs(node, arrived, left, known).toSorted(
    (a, b) => a.misfit - b.misfit || a.order - b.order,
  );
  const rivals = groupBy(pairs, pair => pair.out);
  const used = new Set<Passage>();
  const chosen: Pair[] = [];
  for (const pair of pairs) {
    if (used.has(pair.into) || pair.out.previous !== undefined) continue;
    const key = tupleKey(pair.into.essence.tuple);
    const rival = rivals
      .get(pair.out)
      ?.find(
        ({into, misfit}) =>
          misfit === pair.misfit && !used.has(into) && tupleKey(into.essence.tuple) !== key,
      );
    if (rival !== undefined) ambiguities.push(wordAmbiguity(node, pair, rival));
    used.add(pair.into);
    chosen.push(pair);
    pair.into.next = pair.out;
    pair.out.previous = pair.into;
  }
  return chosen;
}

const wordAmbiguity = (node: string, pair: Pair, rival: Pair): string => {
  const [out, into, other] = [pair.out, pair.into, rival.into].map(({crossing}) =>
    placeOf(crossing.any),
  );
  return `${out} continues ${into} or ${other} at ${node}: nothing tells which`;
};

function possiblePairs(
  node: string,
  arrived: readonly Passage[],
  left: readonly Passage[],
  known: Rewritings,
): Pair[] {
  // With as many in as out they keep their order; otherwise some got lost and the nearest belong together.
  const inOrder = arrived.length === left.length;
  let seen = 0;
  return left.flatMap((out, index) => {
    const time = departure(out.crossing);
    while (seen < arrived.length && arrivalOf(arrived[seen]) <= time) seen += 1;
    const first = Math.max(0, (inOrder ? Math.min(index, seen) : seen) - candidates);
    return arrived.slice(first, Math.min(seen, first + 2 * candidates)).flatMap((into, offset) => {
      const wait = time - arrivalOf(into);
      if (into === out || wait > longest || turnsBack(into, out)) return [];
      const order = inOrder ? first + offset : Number(wait);
      return [{into, out, misfit: misfitOf(node, into, out, known), order}];
    });
  });
}

const arrivalOf = (passage: Passage | undefined): bigint =>
  passage === undefined ? 0n : arrival(passage.crossing);

/** An answer with the same content (UDP echo) is a packet of its own, not a hop. */
const turnsBack = (into: Passage, out: Passage): boolean =>
  tupleKey(out.essence.tuple) === tupleKey(reversed(into.essence.tuple));

function misfitOf(node: string, into: Passage, out: Passage, known: Rewritings): number {
  const [a, b] = [into.essence, out.essence];
  const ttl = hopsLeft(a) - hopsLeft(b);
  const tunnelled =
    into.crossing.any.packet.headers.length !== out.crossing.any.packet.headers.length;
  const rewrites = (['source', 'sourcePort', 'destination', 'destinationPort'] as const).filter(
    field => a.tuple[field] !== b.tuple[field],
  ).length;
  return (
    100 * known.misfit(node, into, out) +
    (ttl === 1 || (tunnelled && ttl === 0) ? 0 : 10) +
    rewrites
  );
}

const hopsLeft = ({ip}: Essence): number => (ip.kind === 'ipv4' ? ip.ttl : ip.hopLimit);

/** The rewrite that each node did to each connection so far. */
class Rewritings {
  readonly #after = new Map<string, string>();
  readonly #before = new Map<string, string>();

  learn(node: string, {into, out}: Pair): void {
    const [before, after] = keys(node, into, out);
    this.#after.set(before, after);
    this.#before.set(after, before);
  }

  /** 0 when the node did the same before, 1 when nothing is known, 2 when it did something else. */
  misfit(node: string, into: Passage, out: Passage): number {
    const [before, after] = keys(node, into, out);
    const expected = this.#after.get(before);
    if (expected === after) return 0;
    return expected === undefined && !this.#before.has(after) ? 1 : 2;
  }
}

const keys = (node: string, into: Passage, out: Passage): [string, string] => [
  `${node} ${tupleKey(into.essence.tuple)}`,
  `${node} ${tupleKey(out.essence.tuple)}`,
];
