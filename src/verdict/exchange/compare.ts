import {allFields, differences, isChecksum} from '../../trace/fields.ts';
import type {Crossing} from '../../trace/types.ts';
import type {Packet} from '../../wire/types.ts';
import {compareCarrier} from '../carrier.ts';
import {compareAddresses, compareLink, compareWitnesses, type Setting} from '../compare.ts';
import {differ, type Mismatch} from '../mismatch.ts';
import {compareOuterTtl} from '../outer-ttl.ts';
import {decoded, icmpOf, innerOf, quotedBy, type Inner} from './inner.ts';
import type {Link} from './hop.ts';
import {compareGroup} from './seen-by-all.ts';
import {sameInner} from './ledger.ts';
import {innermostIp, transport} from '../../wire/packet.ts';

/** Everything about a crossing that is not as its hop expects; `expected` is the innermost packet. */
export function compareExchangeHop(
  setting: Setting,
  link: Link,
  crossing: Crossing,
  before: Crossing | undefined,
  expected: Inner | undefined,
): readonly Mismatch[] {
  const around = compareAround(setting, link, crossing, before);
  const told = new Set(around.map(({field}) => field));
  return [
    ...around,
    ...compareInner(setting, crossing, expected).filter(({field}) => !told.has(field)),
  ];
}

/** All but the innermost packet: link, addresses, carriers, outer TTL, and who saw it. */
export const compareAround = (
  setting: Setting,
  link: Link,
  crossing: Crossing,
  before: Crossing | undefined,
): readonly Mismatch[] => [
  ...(link.toAll ? compareGroup : compareLink)(setting, link, crossing),
  ...compareAddresses(setting, link, crossing),
  ...compareCarrier(link.carrier, crossing),
  ...compareOuterTtl(crossing, before),
  ...(link.toAll ? [] : compareWitnesses(crossing)),
];

function compareInner(
  {notation}: Setting,
  {any}: Crossing,
  expected: Inner | undefined,
): readonly Mismatch[] {
  const actual = innerOf({bytes: any.frame.bytes, packet: any.packet});
  if (expected === undefined || actual === undefined || sameInner(expected, actual)) return [];
  const [was, is] = [expected, actual].map(fieldsOf);
  const fields = differences(was ?? new Map(), is ?? new Map()).flatMap(({field, before, after}) =>
    isChecksum(field) ? [] : differ(field, before, after, notation.named),
  );
  const sums = (['ip', 'transport', 'quoted'] as const).flatMap(part =>
    differ(`${part}.checksum`, expected.checksums[part], actual.checksums[part]),
  );
  const adjusted =
    expected.asWritten === undefined || actual.asWritten === undefined || sums.length > 0
      ? []
      : differ('transport.checksum', wordOf(expected), wordOf(actual));
  return fields.length + sums.length + adjusted.length > 0
    ? [...fields, ...sums, ...adjusted]
    : [{field: 'bytes', expected: 'the bytes of the hop before', actual: 'other bytes'}];
}

const wordOf = ({checksums, asWritten = ''}: Inner): string =>
  `${checksums.transport} ${asWritten}`.trim();

/** Every field of an innermost packet, with those of ICMP and of what it quotes. */
export function fieldsOf({bytes}: Pick<Inner, 'bytes'>): Map<string, string> {
  const {packet} = decoded(bytes, 'raw');
  const frame = {
    number: 0,
    time: 0n,
    linkType: 'raw' as const,
    bytes,
    originalLength: bytes.length,
  };
  const fields = new Map(allFields({node: '', interface: '', frame, packet}));
  fields.delete('encapsulation');
  const icmp = icmpOf(packet);
  if (icmp === undefined) return fields;
  fields.set('icmp.type', String(icmp.type));
  fields.set('icmp.code', String(icmp.code));
  fields.set('icmp.rest', `0x${icmp.rest.toString(16).padStart(8, '0')}`);
  for (const [field, value] of quotedFields(quotedBy(packet))) fields.set(field, value);
  return fields;
}

/** Addresses and ports of the packet that an ICMP error quotes. */
export function quotedFields(quoted: Packet | undefined): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  const ip = quoted === undefined ? undefined : innermostIp(quoted);
  if (quoted === undefined || ip === undefined) return fields;
  fields.set('quoted.ip.src', ip.source);
  fields.set('quoted.ip.dst', ip.destination);
  const header = transport(quoted);
  if (header === undefined) return fields;
  fields.set('quoted.srcport', String(header.sourcePort));
  fields.set('quoted.dstport', String(header.destinationPort));
  return fields;
}
