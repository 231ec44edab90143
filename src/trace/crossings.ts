import {hash} from 'node:crypto';
import type {Topology} from '../topology/types.ts';
import {decode, type DecodeOptions} from '../wire/decode.ts';
import {byTime, departure} from './essence.ts';
import {groupBy} from './group.ts';
import type {Crossing, InterfaceCapture, Sighting} from './types.ts';

/** The captures as crossings in order of time, and the sightings on devices that have no network (tunl0, gre0). */
export interface Crossings {
  readonly crossings: readonly Crossing[];
  readonly raw: readonly Sighting[];
}

// Captures of one kernel have one clock, so a receiver sees a frame after its sender, but for the rounding of times.
const skew = 1_000_000n;
const longest = 1_000_000_000n;

interface Place {
  readonly node: string;
  readonly interface: string;
  readonly network: string;
}

/** A crossing while its sightings are collected. */
interface Draft {
  readonly time: bigint;
  sent?: Sighting;
  received?: Sighting;
  readonly others: Sighting[];
}

/**
 * Decodes every frame and finds the sightings of one frame: identical bytes on one network, the k-th at one
 * interface with the k-th at the other, not before it was sent and at most a second after.
 */
export function findCrossings(
  topology: Topology,
  captures: readonly InterfaceCapture[],
  options: DecodeOptions,
): Crossings {
  const {byMac, networkOf} = placesOf(topology);
  const raw: Sighting[] = [];
  const equal = new Map<string, {network: string; sightings: Sighting[]}>();
  for (const capture of captures) {
    // An Ethernet device that the topology does not know (lo, bond0) is a network of its own.
    const place = `${capture.node} ${capture.interface}`;
    const network = networkOf.get(place) ?? place;
    for (const frame of capture.frames) {
      const packet = decode(frame, options);
      const sighting = {node: capture.node, interface: capture.interface, frame, packet};
      if (frame.linkType === 'raw') raw.push(sighting);
      else {
        const key = `${network} ${hash('sha256', frame.bytes, 'base64')}`;
        const group = equal.get(key);
        if (group === undefined) equal.set(key, {network, sightings: [sighting]});
        else group.sightings.push(sighting);
      }
    }
  }
  const crossings = [...equal.values()].flatMap(({network, sightings}) =>
    joinEqual(network, sightings, byMac),
  );
  return {crossings: crossings.toSorted((a, b) => byTime(departure(a), departure(b))), raw};
}

function placesOf(topology: Topology) {
  const places = topology.nodes.flatMap(node =>
    node.interfaces.map(({name, network, mac}) => ({
      node: node.name,
      interface: name,
      network,
      mac,
    })),
  );
  return {
    byMac: new Map<string, Place>(places.map(place => [place.mac, place])),
    networkOf: new Map(places.map(place => [`${place.node} ${place.interface}`, place.network])),
  };
}

/** The crossings that identical frames on one network were. */
function joinEqual(
  network: string,
  sightings: readonly Sighting[],
  byMac: ReadonlyMap<string, Place>,
): Crossing[] {
  const header = sightings[0]?.packet.headers[0];
  const ethernet = header?.kind === 'ethernet' ? header : undefined;
  const sender = byMac.get(ethernet?.source ?? '');
  const receiver = byMac.get(ethernet?.destination ?? '');
  const isAt = (place: Place | undefined, {node, interface: name}: Sighting): boolean =>
    place?.network === network && place.node === node && place.interface === name;
  // The sender's sightings come first: all others are matched with them.
  const rank = ([first]: readonly Sighting[]): number =>
    first === undefined ? 3 : isAt(sender, first) ? 0 : isAt(receiver, first) ? 1 : 2;
  const lists = [
    ...groupBy(sightings, sighting => `${sighting.node} ${sighting.interface}`).values(),
  ].toSorted((a, b) => rank(a) - rank(b));
  let drafts: Draft[] = [];
  for (const list of lists)
    drafts = join(drafts, list, (draft, sighting) => {
      if (isAt(sender, sighting)) draft.sent = sighting;
      else if (isAt(receiver, sighting)) draft.received = sighting;
      else draft.others.push(sighting);
    });
  return drafts.flatMap(({sent, received, others}) => {
    const any = sent ?? received ?? others[0];
    return any === undefined
      ? []
      : [{network, from: sender?.node, to: receiver?.node, sent, received, others, any}];
  });
}

/** Puts one interface's sightings to the crossings that others saw, in order; what fits none is a crossing of its own. */
function join(
  drafts: readonly Draft[],
  sightings: readonly Sighting[],
  put: (draft: Draft, sighting: Sighting) => void,
): Draft[] {
  const own: Draft[] = [];
  let at = 0;
  // How many crossings this interface must have missed.
  let missed = drafts.length - sightings.length;
  for (const sighting of sightings.toSorted((a, b) => byTime(a.frame.time, b.frame.time))) {
    const {time} = sighting.frame;
    for (let next = drafts[at]; next !== undefined; next = drafts[at]) {
      const following = drafts[at + 1];
      const stale = time - next.time > longest;
      if (!stale && (missed <= 0 || following === undefined || following.time > time)) break;
      at += 1;
      missed -= 1;
    }
    const draft = drafts[at];
    if (draft !== undefined && draft.time <= time + skew) {
      put(draft, sighting);
      at += 1;
    } else {
      const alone: Draft = {time, others: []};
      put(alone, sighting);
      own.push(alone);
      missed += 1;
    }
  }
  return own.length === 0
    ? [...drafts]
    : [...drafts, ...own].toSorted((a, b) => byTime(a.time, b.time));
}
