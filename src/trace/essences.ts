import {defaultGuePorts} from '../wire/gue.ts';
import {defaultSyncPorts} from '../wire/ipvs-sync.ts';
import {innermostIp} from '../wire/packet.ts';
import type {Crossings} from './drafts.ts';
import type {EqualFrames} from './equal-frames.ts';
import {fragmentKey} from './essence.ts';
import {Identities} from './identities.ts';
import {newOutline, outlineOf, shapes} from './outline.ts';
import {scan} from './scan.ts';
import type {Sightings} from './sightings.ts';
import {Tuples} from './tuples.ts';

/**
 * What stays the same of a packet through NAT, tunnels and routers, and the addresses by which it goes now: of each
 * group of equal frames that are TCP, UDP or SCTP packets or their fragments.
 */
export class Essences {
  readonly tuples: Tuples;
  /** The group's tuple, -1 when it is no packet of a flow. */
  readonly tuple: Int32Array;
  /** Equal for the same packet before and after every rewrite. */
  readonly identity: Int32Array;
  /** TTL or hop limit. */
  readonly hops: Uint8Array;
  /** How many headers the frame has. */
  readonly headers: Int32Array;
  /** The sequence number of a TCP SYN that opens a connection, else -1. */
  readonly opens: Float64Array;
  readonly #identities: Identities;
  readonly #sightings: Sightings;
  /** UDP destination ports behind which the decoder reads on. */
  readonly #decodedPorts: readonly number[];
  readonly #helpedPorts: readonly number[];
  readonly #outline = newOutline();
  /** The fragments, by the datagram that they are of. */
  readonly #datagrams = new Map<number, string>();

  constructor(sightings: Sightings, equal: EqualFrames) {
    const {length} = equal;
    const {guePorts = defaultGuePorts, syncPorts = defaultSyncPorts} = sightings.options;
    this.#helpedPorts = sightings.options.helpedPorts ?? [];
    this.#sightings = sightings;
    this.#decodedPorts = [...guePorts, ...syncPorts];
    this.#identities = new Identities(sightings.length);
    this.tuples = new Tuples(length);
    this.tuple = new Int32Array(length).fill(-1);
    this.identity = new Int32Array(length);
    this.hops = new Uint8Array(length);
    this.headers = new Int32Array(length);
    this.opens = new Float64Array(length);
    for (let group = 0; group < length; group++) this.#read(group, equal.first[group] ?? 0);
  }

  #read(group: number, sighting: number): void {
    const outline = this.#outline;
    const fragment = this.#outlineOf(sighting);
    if (fragment === undefined) return;
    if (fragment !== '') this.#datagrams.set(group, fragment);
    const data = this.#sightings.data(sighting);
    const hasPorts = outline.shape !== shapes.portless;
    if (!hasPorts && fragment === '') return;
    if (hasPorts) this.tuple[group] = this.tuples.put(data, outline);
    this.#help(data);
    this.identity[group] = this.#identities.put(data, outline);
    this.hops[group] = outline.hops;
    this.headers[group] = outline.headers;
    this.opens[group] = outline.opens;
  }

  /** Leaves out of the outline what a helper may rewrite. */
  #help(data: DataView): void {
    const outline = this.#outline;
    const {content, shape} = outline;
    if (this.#helpedPorts.length === 0 || shape !== shapes.tcp) return;
    const ports = [data.getUint16(content), data.getUint16(content + 2)];
    if (!ports.some(port => this.#helpedPorts.includes(port))) return;
    outline.shape = shapes.helped;
    outline.end = content + 20;
  }

  /** Reads the outline. @returns the datagram that it is a fragment of, '' when it is whole; undefined without IP. */
  #outlineOf(sighting: number): string | undefined {
    const {starts, ends, link} = this.#sightings;
    const start = starts[sighting] ?? 0;
    const plain = scan(
      this.#sightings.data(sighting),
      start,
      ends[sighting] ?? 0,
      link[sighting] ?? 0,
      this.#decodedPorts,
      this.#outline,
    );
    if (plain) return '';
    const {packet} = this.#sightings.object(sighting);
    const ip = innermostIp(packet);
    if (ip === undefined) return undefined;
    outlineOf(packet, ip, start, this.#outline);
    return fragmentKey(ip) ?? '';
  }

  /** The identity of a packet on a tunnel device, -1 when it is none of a flow or has no ports. */
  identityOf(sighting: number): number {
    const known = this.#outlineOf(sighting) !== undefined;
    return known && this.#outline.shape !== shapes.portless
      ? this.#identities.put(this.#sightings.data(sighting), this.#outline)
      : -1;
  }

  /** Gives each fragment without ports the tuple of the latest fragment with ports of its datagram. */
  completeFragments({group: groups}: Crossings, networkOf: (group: number) => number): void {
    if (this.#datagrams.size === 0) return;
    const tuples = new Map<string, number>();
    for (const group of groups) {
      const datagram = this.#datagrams.get(group);
      const tuple = this.tuple[group] ?? -1;
      if (datagram !== undefined && tuple >= 0)
        tuples.set(`${networkOf(group)} ${datagram}`, tuple);
    }
    for (const [group, datagram] of this.#datagrams)
      if ((this.tuple[group] ?? -1) < 0)
        this.tuple[group] = tuples.get(`${networkOf(group)} ${datagram}`) ?? -1;
  }
}
