import {innermostIp, ipHeaders, transport} from '../wire/packet.ts';
import type {Case} from './case.ts';
import {fromDevices} from './causes-devices.ts';
import {expectedMethod} from './causes-forwarding.ts';
import {frameLine, type Finding} from './finding.ts';
import {servingAt} from './serving.ts';
import {unanswered} from './unanswered.ts';

/** What is wrong at the real servers: the port, the tunnel device, rp_filter, the VIP. */
export function fromRealServers(judged: Case): readonly Finding[] {
  return [
    ['port-not-rewritten', refusals(judged)],
    ...fromDevices(judged),
    ['vip-missing', withoutVip(judged)],
    ['reverse-path-filter', filtered(judged)],
  ];
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
