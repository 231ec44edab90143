import type {DecodeOptions} from '../wire/decode.ts';
import type {Frame, Frames, Ip, Packet} from '../wire/types.ts';

export interface TraceOptions extends DecodeOptions {
  /** TCP ports at which a helper of IPVS may rewrite what a connection says: its packets are followed without their data. */
  readonly helpedPorts?: readonly number[] | undefined;
}

/** The frames that one interface's capture file holds, in the order of the file. */
export interface InterfaceCapture {
  readonly node: string;
  readonly interface: string;
  readonly frames: Frames;
}

/** A decoded frame and where it was captured. */
export interface Sighting {
  readonly node: string;
  readonly interface: string;
  readonly frame: Frame;
  readonly packet: Packet;
}

/**
 * One frame on one network, as all the interfaces that saw it saw it: one link of a path. A packet that crossed in fragments is
 * one crossing: its sightings show the packet put together, with the number and the time of its first fragment.
 */
export interface Crossing {
  readonly network: string;
  /** The node that has the source MAC, undefined for a MAC of no node. */
  readonly from: string | undefined;
  /** The node that has the destination MAC; undefined for broadcast, multicast or a MAC of no node. */
  readonly to: string | undefined;
  /** The sender's interface saw it. */
  readonly sent: Sighting | undefined;
  /** The receiver's interface saw it. */
  readonly received: Sighting | undefined;
  /** Interfaces of other nodes that saw it: a flooded or misdirected frame. */
  readonly others: readonly Sighting[];
  /** Any one of the sightings: all have the same bytes. */
  readonly any: Sighting;
  /** The crossings of its fragments, in order; [] when it crossed whole. */
  readonly fragments: readonly Crossing[];
}

/** What changed between two crossings at the node between them. `before`/`after` are printable. */
export interface Rewrite {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** One packet from where it was made to where it ended. */
export interface Path {
  readonly crossings: readonly Crossing[];
  /** rewrites[i] is what the node between crossings[i] and crossings[i + 1] did. */
  readonly rewrites: readonly (readonly Rewrite[])[];
  /** The node that made the packet. */
  readonly origin: string | undefined;
  /** Sightings on devices without MACs (tunl0, gre0) at the path's last node: the decapsulated packet. */
  readonly delivered: readonly Sighting[];
}

/** An address pair with ports as a header has it; for an ICMP echo its id stands for both ports. */
export interface Tuple {
  readonly protocol: number;
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
}

/** All paths of one connection or ICMP echo (both directions), joined through every rewritten tuple. */
export interface Flow {
  /** The tuple of the first packet where its maker sent it; of errors alone, that of what would answer the quoted packet. */
  readonly tuple: Tuple;
  /** The node that made the first packet. */
  readonly origin: string | undefined;
  /** In order of the first sighting. */
  readonly paths: readonly Path[];
  /**
   * The ICMP errors that quote one of its packets, in any of their rewritten forms. An error whose quote tells no ports is in a
   * flow of its own addresses.
   */
  readonly errors: readonly Path[];
}

/** Everything that the captures of a run tell. No frame is lost: each is in a flow, or in `other`. */
export interface Trace {
  readonly flows: readonly Flow[];
  /** Crossings that belong to no flow: ARP, neighbour discovery, other ICMP than errors and echoes, VRRP, undecodable. */
  readonly other: readonly Crossing[];
  /** What could not be matched with certainty, in words, with the frames' places. */
  readonly ambiguities: readonly string[];
}

/** The IP headers of a packet, outer to inner. */
export type IpStack = readonly Ip[];
