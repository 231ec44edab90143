import {interfaceOfMac, nameOfAddress} from '../topology/names.ts';
import type {Topology} from '../topology/types.ts';
import {placeOf} from '../trace/essence.ts';
import type {Crossing, Flow, Path, Rewrite} from '../trace/types.ts';
import {innermostIp} from '../wire/packet.ts';
import {printPacket} from '../wire/print.ts';
import {escapeControls} from './style.ts';

/** The paths of a flow hop by hop, what each node rewrote between two hops, in names where there are any. */
export function printFlow(topology: Topology, flow: Flow): string {
  const name = (address: string): string => nameIn(topology, address) ?? address;
  const title = `${name(flow.tuple.source)}:${flow.tuple.sourcePort} > ${name(flow.tuple.destination)}:${flow.tuple.destinationPort}`;
  const paths = flow.paths.map((path, i) => printPath(topology, path, i + 1));
  const errors = flow.errors.map((path, i) => printPath(topology, path, i + 1, 'error'));
  return [`flow ${title} from ${flow.origin ?? 'nobody'}`, ...paths, ...errors]
    .map(safe)
    .join('\n');
}

/** Every line but its end: captured text cannot move the cursor. */
const safe = (text: string): string => text.split('\n').map(escapeControls).join('\n');

const nameIn = (topology: Topology, address: string): string | undefined =>
  nameOfAddress(topology, address) ?? interfaceOfMac(topology, address)?.node.name;

/** One packet's path: a line for each link, and below it what the node behind it rewrote. */
export function printPath(
  topology: Topology,
  path: Path,
  number: number,
  what: 'packet' | 'error' = 'packet',
): string {
  const lines = path.crossings.flatMap((crossing, i) => {
    const rewrites = path.rewrites[i] ?? [];
    const node = crossing.to ?? '?';
    return [
      `  ${printCrossing(topology, crossing)}`,
      ...(rewrites.length === 0
        ? []
        : [
            `      ${node} rewrites ${rewrites.map(one => printRewrite(topology, one)).join(', ')}`,
          ]),
    ];
  });
  const delivered = path.delivered.map(sighting => `      decapsulated, ${placeOf(sighting)}`);
  return [`${what} ${number}`, ...lines, ...delivered].join('\n');
}

/** `client > router   CIP > VIP tcp 40312 > 80 [S]   ttl 64   frame 3, client eth0`. */
export function printCrossing(topology: Topology, {from, to, any, fragments}: Crossing): string {
  const ip = innermostIp(any.packet);
  const ttl = ip === undefined ? [] : [`ttl ${ip.kind === 'ipv4' ? ip.ttl : ip.hopLimit}`];
  return [
    `${from ?? '?'} > ${to ?? '?'}`,
    printPacket(any.packet, {name: address => nameIn(topology, address)}),
    ...ttl,
    ...(fragments.length === 0 ? [] : [`in ${fragments.length} fragments`]),
    placeOf(any),
  ].join('   ');
}

/** `ip.dst VIP -> RIP1`; the addresses within an encapsulation get their names too. */
function printRewrite(topology: Topology, {field, before, after}: Rewrite): string {
  const named = (text: string): string =>
    text
      .split(' ')
      .map(word => nameIn(topology, word) ?? word)
      .join(' ');
  return `${field} ${named(before)} -> ${named(after)}`;
}
