import {decode} from '../wire/decode.ts';
import {defaultGuePorts} from '../wire/gue.ts';
import {defaultSyncPorts} from '../wire/ipvs-sync.ts';
import {innermostIp} from '../wire/packet.ts';
import type {Packet} from '../wire/types.ts';
import type {EqualFrames} from './equal-frames.ts';
import {fragmentIn, type Fragment} from './datagrams.ts';
import {Identities} from './identities.ts';
import {messageOf, type Message} from './messages.ts';
import {newOutline, outlineOf, shapes} from './outline.ts';
import {scan} from './scan.ts';
import type {Sightings} from './sightings.ts';
import {Tuples} from './tuples.ts';

/**
 * What stays the same of a packet through NAT, tunnels and routers, and the addresses by which it goes now: of each
 * group of equal frames that are TCP, UDP or SCTP packets, or ICMP errors or echoes.
 */
export class Essences {
  readonly tuples: Tuples;
  /** The group's tuple, -1 when it is no packet of a flow. That of an ICMP error is what answers the packet that it quotes. */
  readonly tuple: Int32Array;
  /** Equal for the same packet before and after every rewrite. */
  readonly identity: Int32Array;
  /** The same, but with what a helper may rewrite: equal only where none did. */
  readonly whole: Int32Array;
  /** TTL or hop limit. */
  readonly hops: Uint8Array;
  /** How many headers the frame has. */
  readonly headers: Int32Array;
  /** The sequence number of a TCP SYN that opens a connection, else -1. */
  readonly opens: Float64Array;
  /** 1 when it is an ICMP error. */
  readonly errors: Uint8Array;
  /** Groups of fragments, of which nothing is read until someone says how: see assemblies.ts. */
  readonly fragments = new Map<number, Fragment>();
  readonly #identities: Identities;
  readonly #sightings: Sightings;
  /** UDP destination ports behind which the decoder reads on. */
  readonly #decodedPorts: readonly number[];
  readonly #helpedPorts: readonly number[];
  readonly #outline = newOutline();
  /** The ICMP message of the outline, undefined when it is none. */
  #message: Message | undefined;

  constructor(sightings: Sightings, equal: EqualFrames) {
    const {length} = equal;
    const {guePorts = defaultGuePorts, syncPorts = defaultSyncPorts} = sightings.options;
    this.#helpedPorts = sightings.options.helpedPorts ?? [];
    this.#sightings = sightings;
    this.#decodedPorts = [...guePorts, ...syncPorts];
    this.#identities = new Identities(sightings.length * (this.#helpedPorts.length > 0 ? 2 : 1));
    this.tuples = new Tuples(length);
    this.tuple = new Int32Array(length).fill(-1);
    this.identity = new Int32Array(length);
    this.whole = new Int32Array(length);
    this.hops = new Uint8Array(length);
    this.headers = new Int32Array(length);
    this.opens = new Float64Array(length);
    this.errors = new Uint8Array(length);
    for (let group = 0; group < length; group++) this.#read(group, equal.first[group] ?? 0);
  }

  #read(group: number, sighting: number): void {
    const data = this.#sightings.data(sighting);
    const start = this.#sightings.starts[sighting] ?? 0;
    if (this.#scan(sighting)) {
      this.#note(group, data, start, false);
      return;
    }
    const {packet, frame} = this.#sightings.object(sighting);
    const fragment = fragmentIn(packet, frame.bytes);
    if (fragment !== undefined) this.fragments.set(group, fragment);
    else if (this.#outlinePacket(packet, frame.bytes, start)) this.#note(group, data, start, false);
  }

  /** Reads a fragment as a packet of its own, without ports unless it is the first. */
  readFragment(group: number, fragment: Fragment): void {
    this.#readBytes(group, fragment.bytes, true);
  }

  /** Reads a frame in the place of the group's own. @returns whether it is a packet of a flow. */
  readAs(group: number, bytes: Uint8Array): boolean {
    this.#readBytes(group, bytes, false);
    return (this.tuple[group] ?? -1) >= 0;
  }

  #readBytes(group: number, bytes: Uint8Array, portless: boolean): void {
    const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const frame = {bytes, linkType: 'ethernet', originalLength: bytes.length} as const;
    const packet = decode(frame, this.#sightings.options);
    if (this.#outlinePacket(packet, bytes, 0)) this.#note(group, data, 0, portless);
  }

  /** Keeps what the outline says of the group, when it has ports or need not. */
  #note(group: number, data: DataView, start: number, portless: boolean): void {
    const outline = this.#outline;
    const message = this.#message;
    const hasPorts = outline.shape !== shapes.portless;
    if (!hasPorts && message === undefined && !portless) return;
    if (hasPorts) this.tuple[group] = this.tuples.put(data, outline);
    if (message !== undefined) {
      this.tuple[group] = this.#tupleOf(message, data, start);
      this.errors[group] = Number(message.isError);
    }
    const isHelped = this.#isHelped(data);
    const whole = this.#identify(data);
    this.whole[group] = whole;
    this.identity[group] = isHelped ? this.#identifyHelped(data) : whole;
    this.hops[group] = outline.hops;
    this.headers[group] = outline.headers;
    this.opens[group] = outline.opens;
  }

  #isHelped(data: DataView): boolean {
    const {content, shape} = this.#outline;
    if (this.#helpedPorts.length === 0 || shape !== shapes.tcp) return false;
    const ports = [data.getUint16(content), data.getUint16(content + 2)];
    return ports.some(port => this.#helpedPorts.includes(port));
  }

  /** The identity without what a helper may rewrite. */
  #identifyHelped(data: DataView): number {
    this.#outline.shape = shapes.helped;
    this.#outline.end = this.#outline.content + 20;
    return this.#identify(data);
  }

  /** Outlines a plain packet. False for any other. */
  #scan(sighting: number): boolean {
    const {starts, ends, link} = this.#sightings;
    this.#message = undefined;
    return scan(
      this.#sightings.data(sighting),
      starts[sighting] ?? 0,
      ends[sighting] ?? 0,
      link[sighting] ?? 0,
      this.#decodedPorts,
      this.#outline,
    );
  }

  /** Outlines a decoded packet whose frame begins at `start`. False without IP. */
  #outlinePacket(packet: Packet, bytes: Uint8Array, start: number): boolean {
    const ip = innermostIp(packet);
    if (ip === undefined) return false;
    outlineOf(packet, ip, start, this.#outline);
    this.#message = messageOf(packet, bytes);
    return true;
  }

  /** The identity of a packet on a tunnel device, -1 when it is none of a flow or has no ports. */
  identityOf(sighting: number): number {
    if (!this.#scan(sighting)) {
      const {packet, frame} = this.#sightings.object(sighting);
      const start = this.#sightings.starts[sighting] ?? 0;
      if (!this.#outlinePacket(packet, frame.bytes, start)) return -1;
    }
    const followed = this.#outline.shape !== shapes.portless || this.#message !== undefined;
    return followed ? this.#identify(this.#sightings.data(sighting)) : -1;
  }

  /** The identity of the packet that has just been outlined. */
  #identify(data: DataView): number {
    const outline = this.#outline;
    if (this.#message === undefined) return this.#identities.put(data, outline);
    const {buffer, length} = this.#message.constant;
    outline.content = 0;
    outline.end = length;
    outline.shape = shapes.portless;
    return this.#identities.put(new DataView(buffer), outline);
  }

  /** An error goes the other way than what it quotes. */
  #tupleOf({ends, quotes}: Message, data: DataView, start: number): number {
    const {ip, family, protocol, sourcePort, destinationPort} = ends;
    const at = start + ip;
    const tuple = this.tuples.putEnds(data, at, family, protocol, sourcePort, destinationPort);
    return quotes ? this.tuples.reversed(tuple) : tuple;
  }
}
