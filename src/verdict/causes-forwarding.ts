import type {Path} from '../trace/types.ts';
import {placeOf} from '../trace/essence.ts';
import type {Case} from './case.ts';
import type {Finding} from './finding.ts';
import type {Hop} from './hops.ts';
import {Notation} from './notation.ts';
import {ipHeaders, innermostIp} from '../wire/packet.ts';

/** What is wrong with forwarding: another method than expected, a node that does not forward, a router in the way. */
export function fromForwarding(judged: Case): readonly Finding[] {
  return [
    otherMethod(judged),
    ['no-forwarding', notForwarding(judged)],
    ['real-server-behind-router', routedBack(judged)],
  ];
}

type Listed = 'Masq' | 'Route' | 'Tunnel';

const methodNames: Readonly<Record<Listed, string>> = {
  Masq: 'masq',
  Route: 'droute',
  Tunnel: 'tunnel',
};

/** The hop by which the request leaves the director for the first time, and its name. */
function leaving({request, run}: Case): Hop | undefined {
  const directors = new Set(
    run.topology.nodes.filter(({role}) => role === 'director').map(({name}) => name),
  );
  return request.find(({link}) => directors.has(link.source));
}

/** The method that the expected rewrites at the director are those of, as `ipvsadm -Ln` calls it. */
export function expectedMethod(judged: Case): Listed | undefined {
  const out = leaving(judged);
  if (out === undefined) return undefined;
  if (out.encapsulation !== 'none') return 'Tunnel';
  const target = out.ip.at(-1)?.destination;
  return target !== undefined && judged.names.address(target) === judged.virtual ? 'Route' : 'Masq';
}

function otherMethod(judged: Case): Finding {
  const expected = expectedMethod(judged);
  const director = leaving(judged)?.link.source ?? '';
  const listed = judged.run
    .text(director, 'ipvsadm-Ln')
    .split('\n')
    .flatMap(line => /^\s*->\s+\S+\s+(Masq|Route|Tunnel|Local|Bypass)\b/.exec(line)?.[1] ?? []);
  const others = [...new Set(listed)].filter(method => method !== expected);
  if (expected === undefined || others.length === 0) return ['forwarding-method', []];
  const actual = others.map(method => (isListed(method) ? methodNames[method] : method));
  return [
    'forwarding-method',
    [`ipvsadm -Ln shows ${others.join(', ')}`],
    `the service forwards with ${actual.join(', ')}, not ${methodNames[expected]}`,
  ];
}

const isListed = (method: string): method is Listed => method in methodNames;

/** Paths that end at a router or director whose forwarding is off, though the packet was not for it. */
function notForwarding(judged: Case): readonly string[] {
  const setting =
    judged.expectation.family === 'v4' ? 'net.ipv4.ip_forward' : 'net.ipv6.conf.all.forwarding';
  return judged.run.topology.nodes.flatMap(({name, role}) => {
    if (role !== 'router' && role !== 'director') return [];
    const off = new RegExp(`^${setting.replaceAll('.', '\\.')}\\s*=\\s*0\\s*$`, 'm');
    if (!off.test(judged.run.text(name, 'sysctl'))) return [];
    const stuck = judged.connections
      .flatMap(({request, reply}) => [...request, ...reply])
      .find(({crossings}) => crossings.at(-1)?.to === name);
    const last = stuck?.crossings.at(-1);
    return last === undefined
      ? []
      : [`${placeOf(last.any)} ends at ${name}`, `${name}: ${setting} = 0`];
  });
}

/** A packet still addressed to the VIP left the director for a router, which sent it back, or had nowhere else to. */
function routedBack(judged: Case): readonly string[] {
  if (expectedMethod(judged) !== 'Route') return [];
  const notation = new Notation(judged.names);
  const roles = new Map(judged.run.topology.nodes.map(({name, role}) => [name, role]));
  const returns = ({crossings}: Path): string[] => {
    const away = crossings.findIndex(
      ({from, to, any}) =>
        roles.get(from ?? '') === 'director' &&
        roles.get(to ?? '') === 'router' &&
        ipHeaders(any.packet).length === 1 &&
        innermostIp(any.packet)?.destination === judged.virtual,
    );
    const crossing = crossings[away];
    if (crossing === undefined) return [];
    const back = crossings.slice(away + 1).find(({to}) => to === crossing.from);
    return [
      `${placeOf(crossing.any)}: ${notation.seen(crossing)}`,
      ...(back === undefined ? [] : [`${placeOf(back.any)}: ${notation.seen(back)}, back again`]),
    ];
  };
  return judged.connections.flatMap(({request}) => request.flatMap(returns));
}
