import type {Topology} from '../../topology/types.ts';
import type {Awaited} from '../../traffic/frames.ts';
import {completeLinks, predict, type Link} from '../../verdict/exchange/hop.ts';
import {decoded, innerOf} from '../../verdict/exchange/inner.ts';
import type {SentExpectation, Shape} from '../../verdict/exchange/types.ts';
import {addressOf} from '../../verdict/hops.ts';
import type {Names} from '../../verdict/names.ts';
import {parseFamily} from '../../wire/address.ts';
import {membersOf} from '../../verdict/exchange/group.ts';
import {innermostIp, transport} from '../../wire/packet.ts';

/** Frames that a node's capture must come to have. */
export interface AwaitedAt extends Awaited {
  readonly node: string;
}

type Pattern = Omit<AwaitedAt, 'count'>;

/** Counts patterns over all steps of an exchange: a capture is read from its beginning. */
export class Tally {
  readonly #counts = new Map<string, number>();

  /** How many frames of each pattern there must be once these have come. */
  count(patterns: readonly Pattern[]): readonly AwaitedAt[] {
    const last = new Map<string, AwaitedAt>();
    for (const one of patterns) {
      const key = `${one.node} ${one.device} ${one.pattern}`;
      const count = (this.#counts.get(key) ?? 0) + 1;
      this.#counts.set(key, count);
      last.set(key, {...one, count});
    }
    return [...last.values()];
  }
}

/** The frames by which a packet, and all that it causes, has come to its end. */
export function awaitedOf(
  {frame, hops, causes}: SentExpectation,
  topology: Topology,
  names: Names,
): readonly Pattern[] {
  const links = completeLinks(hops, topology, names);
  let inner = innerOf(decoded(Buffer.from(frame, 'hex')));
  for (const link of links.slice(1))
    if (inner !== undefined) inner = predict(decoded(inner.bytes, 'raw'), link, names);
  const last = links.at(-1);
  return [
    ...(last === undefined || inner === undefined
      ? []
      : at(topology, last, `.*${headOf(inner.bytes)}`)),
    ...causes.flatMap(({hops: own, shape}) => {
      const end = completeLinks(own, topology, names).at(-1);
      return end === undefined ? [] : at(topology, end, shapeOf(shape, end, names));
    }),
  ];
}

/** A frame on a link, at each interface that it is for. */
function at(
  topology: Topology,
  {link, network, sourceMac, destinationMac, toAll}: Link,
  behind: string,
): readonly Pattern[] {
  const macs = [destinationMac, sourceMac].map(mac => mac.replaceAll(':', '')).join('');
  const pattern = `^${macs}${behind}`;
  const receivers = membersOf(topology, network).filter(({node, interface: {mac}}) =>
    toAll ? mac !== sourceMac : node.name === link.destination,
  );
  return receivers.map(({node, interface: {name}}) => ({
    node: node.name,
    device: name,
    pattern,
  }));
}

/** The beginning of a packet, without checksums: its id tells it from all others. */
function headOf(bytes: Buffer): string {
  const {packet} = decoded(bytes, 'raw');
  const ip = innermostIp(packet);
  const end = (ip?.length ?? 0) + (transport(packet) === undefined ? 0 : 4);
  const hex = (from: number, to: number): string => bytes.subarray(from, to).toString('hex');
  return ip?.kind === 'ipv4' ? `${hex(0, 10)}.{4}${hex(12, end)}` : hex(0, end);
}

const flagBits = 'FSRP.UEW';

/** A packet that a node makes, as far as it is known. */
function shapeOf({tcp, udp, sctp, icmp}: Shape, {ip, ports}: Link, names: Names): string {
  const pair = ip.at(-1);
  const addresses = [pair?.source ?? '', pair?.destination ?? ''].map(name =>
    addressOf(name, 'what a packet causes', names),
  );
  const v6 = addresses[0]?.includes(':') === true;
  const family = v6 ? 'ipv6' : 'ipv4';
  const carried = sctp === undefined ? (udp === true ? '11' : '06') : '84';
  const protocol = icmp === undefined ? carried : v6 ? '3a' : '01';
  const ends = addresses
    .map(address => Buffer.from(parseFamily(address, family)).toString('hex'))
    .join('');
  const head = v6 ? `86dd6.{11}${protocol}.{2}${ends}` : `08004.{17}${protocol}.{4}${ends}`;
  if (icmp !== undefined) return `${head}${byte(icmp.type)}${byte(icmp.code ?? 0)}`;
  const numbers = ports === undefined ? '.{8}' : word(ports.source) + word(ports.destination);
  if (tcp?.flags === undefined) return head + numbers;
  const bits = [...tcp.flags].reduce((sum, flag) => sum | (1 << flagBits.indexOf(flag)), 0);
  return `${head}${numbers}.{18}${byte(bits)}`;
}

const byte = (value: number): string => value.toString(16).padStart(2, '0');
const word = (port: string): string => Number(port).toString(16).padStart(4, '0');
