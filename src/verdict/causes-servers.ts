import {encapsulations, innermostIp, ipHeaders, transport} from '../wire/packet.ts';
import type {Case} from './case.ts';
import {expectedMethod} from './causes-forwarding.ts';
import {frameLine, type Finding} from './finding.ts';
import {servingAt} from './serving.ts';
import type {Connection} from './connections.ts';
import type {Crossing} from '../trace/types.ts';

/** What is wrong at the real servers: the port, the tunnel device, rp_filter, the VIP. */
export function fromRealServers(judged: Case): readonly Finding[] {
  return [
    ['port-not-rewritten', refusals(judged)],
    ['tunnel-device-down', tunnelsDown(judged)],
    ['vip-missing', withoutVip(judged)],
    ['reverse-path-filter', filtered(judged)],
  ];
}

/** The crossing that brought a request to a real server which made no packet in answer. */
export interface Unanswered {
  readonly node: string;
  readonly crossing: Crossing;
}

export function unanswered(judged: Case): readonly Unanswered[] {
  const servers = new Set(judged.expectation.realServers.map(({node}) => node));
  const first = ({request, reply}: Connection): Unanswered[] => {
    const last = request
      .find(({crossings}) => servers.has(crossings.at(-1)?.to ?? ''))
      ?.crossings.at(-1);
    const node = last?.to;
    if (last === undefined || node === undefined || reply.some(({origin}) => origin === node))
      return [];
    return [{node, crossing: last}];
  };
  const all = judged.connections.flatMap(first);
  return all.filter(({node}, i) => all.findIndex(other => other.node === node) === i);
}

/**
 * A real server that refuses as VIP: RST (RFC 9293, 3.5.2), ABORT (RFC 9260, 8.4), or for UDP a port unreachable that
 * quotes the VIP.
 */
function refusals(judged: Case): readonly string[] {
  const method = expectedMethod(judged);
  if (method !== 'Route' && method !== 'Tunnel') return [];
  const servers = new Set<string | undefined>(judged.expectation.realServers.map(({node}) => node));
  const resets = judged.connections
    .flatMap(({reply}) => reply)
    .filter(({origin}) => servers.has(origin))
    .flatMap(({crossings}) => crossings[0] ?? [])
    .filter(({from, any}) => {
      const header = transport(any.packet);
      return (
        header !== undefined &&
        (header.kind === 'tcp'
          ? header.flags.includes('R')
          : header.kind === 'sctp' && header.chunks.some(({kind}) => kind === 'abort')) &&
        header.sourcePort === judged.expectation.virtual.port &&
        // What nobody serves any more is refused at its own port.
        servingAt(judged.run.record, from ?? '', any.frame.time) === 'up' &&
        innermostIp(any.packet)?.source === judged.virtual
      );
    });
  const errors = judged.trace.flows.flatMap(flow => flow.errors.flatMap(path => path.crossings));
  const unreachables = errors.filter(
    ({from, any}) =>
      servers.has(from) &&
      any.packet.headers.some(
        header =>
          (header.kind === 'icmp' || header.kind === 'icmpv6') &&
          isPortUnreachable(header.kind, header.type, header.code) &&
          header.quoted !== undefined &&
          ipHeaders(header.quoted)[0]?.destination === judged.virtual,
      ),
  );
  return [...resets, ...unreachables].map(frameLine(judged));
}

/** Destination unreachable, port unreachable: 3/3 in RFC 792, 1/4 in RFC 4443. */
const isPortUnreachable = (kind: 'icmp' | 'icmpv6', type: number, code: number): boolean =>
  kind === 'icmp' ? type === 3 && code === 3 : type === 1 && code === 4;

/** Linux' fallback tunnel devices by what they decapsulate. GUE hands over to the ipip device. */
const devices = {
  ipip: ['tunl0', 'ip6tnl0', 'sit0'],
  gre: ['gre0', 'gre1', 'ip6gre0'],
  gue: ['tunl0', 'ip6tnl0', 'sit0'],
} as const;

function tunnelsDown(judged: Case): readonly string[] {
  return unanswered(judged).flatMap(({node, crossing}) => {
    const kind = encapsulations(crossing.any.packet).at(-1);
    if (kind === undefined) return [];
    const text = judged.run.text(node, 'ip-addr');
    const there = devices[kind].flatMap(name => {
      const flags = new RegExp(`^\\d+: ${name}(?:@\\S+)?: <([^>]*)>`, 'm').exec(text)?.[1];
      return flags === undefined ? [] : [{name, up: flags.split(',').includes('UP')}];
    });
    if (text === '' || there.some(({up}) => up)) return [];
    const names = there.map(({name}) => name).join(', ');
    return [
      `${node}: ip addr shows ${names === '' ? `no ${devices[kind][0]}` : `${names} not UP`}`,
      frameLine(judged)(crossing),
    ];
  });
}

function withoutVip(judged: Case): readonly string[] {
  const method = expectedMethod(judged);
  if (method !== 'Route' && method !== 'Tunnel') return [];
  return unanswered(judged).flatMap(({node, crossing}) => {
    const text = judged.run.text(node, 'ip-addr');
    const held = [...text.matchAll(/\binet6? ([0-9a-f.:]+)/g)].map(match => match[1]);
    return text === '' || held.includes(judged.virtual)
      ? []
      : [`${node}: ip addr does not show ${judged.virtual}`, frameLine(judged)(crossing)];
  });
}

/** TcpExtIPReversePathFilter counts what rp_filter dropped (net/ipv4/fib_frontend.c, LINUX_MIB_IPRPFILTER). */
function filtered(judged: Case): readonly string[] {
  return unanswered(judged).flatMap(({node, crossing}) => {
    const line = /^TcpExtIPReversePathFilter\s+(\d+)/m.exec(judged.run.text(node, 'nstat'));
    return line === null || Number(line[1]) === 0
      ? []
      : [`${node}: nstat shows TcpExtIPReversePathFilter ${line[1]}`, frameLine(judged)(crossing)];
  });
}
