import {ipHeaders, transport} from '../wire/packet.ts';
import {placeOf} from '../trace/essence.ts';
import type {Crossing} from '../trace/types.ts';
import {compareCarrier} from './carrier.ts';
import {
  addressFor,
  compareAddresses,
  compareIntegrity,
  compareLink,
  compareTtl,
  compareWitnesses,
  type Setting,
} from './compare.ts';
import type {ErrorHop, FoundError} from './error-rules.ts';
import {compareFragments, lengthOf} from './fragments.ts';
import {differ, type Mismatch} from './mismatch.ts';
import {compareOuterTtl} from './outer-ttl.ts';
import {constantOf, messageIn, quotable, quoteIn, ttlOf} from './quotes.ts';
import type {ErrorExpectation} from './types.ts';

/** What about the quote is not of a packet that the maker of the error got, and of one for which it must send it. */
export function compareQuoted(
  {mtu, over = mtu, quotedBytes = Infinity, quotedTtl = 0}: ErrorExpectation,
  {path, quoted}: FoundError,
): readonly Mismatch[] {
  const first = path.crossings[0];
  const quote = first === undefined ? undefined : quoteIn(first.any);
  if (quoted === undefined || quote === undefined)
    return [
      {
        field: 'quote',
        expected: `a packet that came to ${path.origin ?? 'its maker'}`,
        actual: 'none of these',
      },
    ];
  const packet = quotable(quoted.crossing.any);
  const [ip] = ipHeaders(quote.packet);
  const length = lengthOf(quoted.crossing.any);
  const came = quoted.crossing.received ?? quoted.crossing.any;
  const left = first?.sent ?? first?.any ?? came;
  return [
    ...(left.frame.time >= came.frame.time
      ? []
      : [{field: 'time', expected: `after ${placeOf(came)}`, actual: 'before it'}]),
    ...differ(
      'quote.length',
      String(Math.min(packet.bytes.length, quotedBytes)),
      String(quote.bytes.length),
    ),
    ...differ(
      'quote.ip.ttl',
      String(packet.ttl + quotedTtl),
      String(ip === undefined ? '-' : ttlOf(ip)),
    ),
    ...(over === undefined || length > over
      ? []
      : [{field: 'mtu', expected: `for more than ${over} bytes`, actual: `for ${length}`}]),
  ];
}

/** Everything about one crossing of an ICMP error that is not as its hop expects. */
export function compareError(
  setting: Setting,
  expected: ErrorExpectation,
  hop: ErrorHop,
  crossing: Crossing,
  before: Crossing | undefined,
): readonly Mismatch[] {
  const message = messageIn(crossing.any.packet);
  const rest = expected.mtu ?? 0;
  return [
    ...compareLink(setting, hop, crossing),
    ...compareAddresses(setting, hop, crossing),
    ...compareCarrier(hop.carrier, crossing),
    ...differ(
      'icmp.type',
      `${expected.type}/${expected.code}`,
      message === undefined ? 'no ICMP' : `${message.type}/${message.code}`,
    ),
    ...differ('icmp.mtu', String(rest), String(message?.rest ?? '-')),
    ...compareQuoteNames(setting, hop, crossing),
    ...compareTtl(hop, crossing, before),
    ...compareOuterTtl(crossing, before),
    ...(before === undefined || constantOf(before).equals(constantOf(crossing))
      ? []
      : [{field: 'bytes', expected: 'the message of the hop before', actual: 'another'}]),
    ...compareTimes(crossing, before),
    ...compareFragments(hop, crossing),
    ...compareIntegrity(crossing),
    ...compareWitnesses(crossing),
  ];
}

/** A message is received after it was sent, and sent on after it was received. */
function compareTimes({sent, received, any}: Crossing, before: Crossing | undefined): Mismatch[] {
  const moments = [before?.received ?? before?.any, sent ?? any, received ?? any].filter(
    moment => moment !== undefined,
  );
  const early = moments.find(({frame}, i) => frame.time < (moments[i - 1]?.frame.time ?? 0n));
  return early === undefined
    ? []
    : [{field: 'time', expected: 'no frame before what it follows from', actual: placeOf(early)}];
}

/** Addresses and ports of the quoted packet by the hop's names; its header checksums must be good. */
function compareQuoteNames(setting: Setting, hop: ErrorHop, {any}: Crossing): readonly Mismatch[] {
  const {connection, notation} = setting;
  const quote = quoteIn(any);
  if (quote === undefined) return [{field: 'quote', expected: 'a packet', actual: 'none'}];
  const headers = ipHeaders(quote.packet);
  const address = (name: string): string => addressFor(setting, name);
  const header = transport(quote.packet);
  const port = (side: string, name: string | undefined, actual: number | undefined): Mismatch[] => {
    if (name === undefined) return [];
    const wanted = /^\d+$/.test(name) ? Number(name) : connection.ports.get(name);
    return differ(`quote.${side}`, String(wanted ?? name), String(actual ?? '-'));
  };
  return [
    ...differ('quote.encapsulation', String(hop.quotes.ip.length), String(headers.length)),
    ...hop.quotes.ip.toReversed().flatMap((pair, depth) => {
      const ip = headers.at(-1 - depth);
      if (ip === undefined) return [];
      const prefix = depth === 0 ? 'quote.ip' : 'quote.outer.ip';
      return [
        ...differ(`${prefix}.src`, address(pair.source), ip.source, notation.named),
        ...differ(`${prefix}.dst`, address(pair.destination), ip.destination, notation.named),
      ];
    }),
    ...port('srcport', hop.quotes.ports?.source, header?.sourcePort),
    ...port('dstport', hop.quotes.ports?.destination, header?.destinationPort),
    ...headers.flatMap(ip =>
      ip.kind === 'ipv4' ? differ('quote.ip.checksum', 'good', ip.checksum) : [],
    ),
  ];
}
