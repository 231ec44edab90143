import type {Forward} from '../../ipvs/types.ts';
import type {Endpoint} from '../../ipvs/text.ts';
import type {Topology} from '../../topology/types.ts';
import {interfaceOn} from '../../topology/names.ts';
import {tupleIn} from '../../trace/essence.ts';
import type {Crossing, Tuple} from '../../trace/types.ts';
import {innermostIp, ipHeaders, transport} from '../../wire/packet.ts';
import {fragmentOf} from '../counted.ts';
import {icmpOf, messageOf, quotedBy} from './inner.ts';
import type {Ledger} from './ledger.ts';
import type {Followed} from './packets.ts';
import {aboutTunnelled} from './tunnelled.ts';

/** A packet that came to the director, put together where it came in fragments. */
export interface Passage {
  readonly step: number;
  readonly came: Crossing;
  /** The same packet as the director sent it on; undefined when it did not. */
  readonly went: Crossing | undefined;
  /** To the service, or from a real server or somebody who tells of a packet for one. */
  readonly side: 'in' | 'out';
  /** Whether IPVS counted it (net/netfilter/ipvs/ip_vs_core.c, ip_vs_in, handle_response, ip_vs_in_icmp, handle_response_icmp). */
  readonly counted: 'yes' | 'maybe' | 'no';
  /** What it counts as where that is not the whole packet as it came or went. */
  readonly bytes?: number;
  /** Its ends, for an ICMP error those of what it quotes, the other way round. Undefined without ports. */
  readonly tuple: Tuple | undefined;
  readonly server: Endpoint | undefined;
}

/** Where packets are looked at. */
export interface Place {
  readonly topology: Topology;
  readonly director: string;
  /** The addresses of the service. */
  readonly virtuals: ReadonlySet<string>;
  /** How its real servers get packets. */
  readonly forwards: ReadonlySet<Forward>;
}

/** All packets that came to the director and are of the service, in the order of the script. */
export function passagesOf(
  followed: readonly Followed[],
  ledger: Ledger,
  place: Place,
): readonly Passage[] {
  const {director} = place;
  const found = new Map<Crossing, {step: number; went: Crossing | undefined; made: Crossing[]}>();
  for (const {step, ways} of followed)
    for (const way of ways)
      for (const [i, crossing] of way.entries()) {
        const came = ledger.whole(crossing);
        // A fragment that is alone never comes to IPVS.
        if (crossing.to !== director || fragmentOf(came) !== undefined) continue;
        const after = way[i + 1] ?? ledger.next(crossing);
        const known = found.get(came) ?? {step, went: undefined, made: []};
        if (after?.from === director) known.went ??= ledger.whole(after);
        const made = ways.filter(other => other !== way && other[0]?.from === director);
        known.made.push(...made.flatMap(other => other.slice(0, 1)));
        found.set(came, known);
      }
  return [...found].flatMap(([came, {step, went, made}]) =>
    passageOf(came, step, went, made, place),
  );
}

function passageOf(
  came: Crossing,
  step: number,
  went: Crossing | undefined,
  made: readonly Crossing[],
  place: Place,
): readonly Passage[] {
  const {virtuals} = place;
  const ip = innermostIp(came.any.packet);
  if (ip === undefined || messageOf(came.any.packet) === undefined) return [];
  const one = {step, came, went};
  if (virtuals.has(ip.destination)) {
    const counted = wasCounted(came, went, made);
    const server = went === undefined ? undefined : serverBehind(went, place);
    const told = made.filter(isOfSending).flatMap(error => toldOf(step, error, place));
    return [{...one, side: 'in', counted, tuple: tupleOf(came), server}, ...told];
  }
  const about = aboutTunnelled(came, made, virtuals);
  if (about !== undefined) {
    const told = made.filter(({any}) => quotedBy(any.packet) !== undefined);
    return [
      {...one, ...about, side: 'out', tuple: undefined},
      ...told.flatMap(error => toldOf(step, error, place)),
    ];
  }
  // Counted once it is rewritten, and what goes on as it came is of no connection.
  const after = went === undefined ? undefined : innermostIp(went.any.packet);
  const isOut = after !== undefined && virtuals.has(after.source) && !virtuals.has(ip.source);
  if (!isOut) return [];
  const tuple = tupleOf(came);
  const server = tuple && {address: tuple.source, port: tuple.sourcePort};
  return [{...one, side: 'out', counted: 'yes', tuple, server}];
}

/**
 * What came to the VIP counts before it is sent on: also when its TTL ends there or it is too large, which the director tells, and
 * when FTP's helper finds its checksum bad (ip_vs_proto_tcp.c, tcp_dnat_handler). What the director refuses or drops without a
 * word otherwise never came so far; of what has a bad checksum nobody can tell. An ICMP error with one is dropped before.
 */
function wasCounted(
  came: Crossing,
  went: Crossing | undefined,
  made: readonly Crossing[],
): Passage['counted'] {
  if (went !== undefined || made.some(isOfSending)) return 'yes';
  const header = transport(came.any.packet);
  if (header?.checksum !== 'bad') return 'no';
  return header.kind === 'tcp' && header.destinationPort === ftpPort ? 'yes' : 'maybe';
}

/** Services there have FTP's helper (ip_vs_ftp.c). */
const ftpPort = 21;

/**
 * An error that the director itself sends about a connection: of droute and tunnel it counts as what a real server says, for what
 * it quotes is in the entry as it stands (ip_vs_conn.c, ip_vs_conn_out_get), while masq knows it by the real server's address.
 */
function toldOf(step: number, came: Crossing, {forwards}: Place): readonly Passage[] {
  if ([...forwards].every(forward => forward === 'masq')) return [];
  const counted = forwards.has('masq') ? 'maybe' : 'yes';
  return [{step, came, went: undefined, side: 'out', counted, tuple: undefined, server: undefined}];
}

/** Time exceeded, or too large (RFC 792, RFC 4443). */
function isOfSending({any}: Crossing): boolean {
  const icmp = icmpOf(any.packet);
  if (icmp?.kind === 'icmp') return icmp.type === 11 || (icmp.type === 3 && icmp.code === 4);
  return icmp?.type === 3 || icmp?.type === 2;
}

/** Source and destination, of what an error quotes the other way round: whom an error goes to had sent that. */
function tupleOf({any}: Crossing): Tuple | undefined {
  const quoted = quotedBy(any.packet);
  const tuple = tupleIn(quoted ?? any.packet);
  if (quoted === undefined || tuple === undefined) return tuple;
  const {protocol, source, sourcePort, destination, destinationPort} = tuple;
  return {
    protocol,
    source: destination,
    sourcePort: destinationPort,
    destination: source,
    destinationPort: sourcePort,
  };
}

/** The real server that a packet was sent on to: as it is addressed, or else as the tunnel or the frame is. */
function serverBehind(went: Crossing, {topology, virtuals}: Place): Endpoint | undefined {
  const tuple = tupleOf(went);
  if (tuple === undefined) return undefined;
  const {destination: address, destinationPort: port} = tuple;
  if (!virtuals.has(address)) return {address, port};
  const outer = ipHeaders(went.any.packet).at(-2)?.destination;
  const node = topology.nodes.find(({name}) => name === went.to);
  const own = node && interfaceOn(node, went.network)?.address[address.includes(':') ? 'v6' : 'v4'];
  const there = outer ?? own;
  return there === undefined ? undefined : {address: there, port};
}
