import {nearest, type Problem} from '../problem.ts';
import {addressNames, nodeByName, sharedNetworks} from '../topology/names.ts';
import type {Node, Topology} from '../topology/types.ts';
import {checkClaims} from './check-claims.ts';
import {checkCounters} from './check-counters.ts';
import {checkKeepalived} from './check-keepalived.ts';
import {checkSteps} from './check-steps.ts';
import {locate} from './locate.ts';
import type {HopExpectation} from '../verdict/types.ts';
import type {Lab} from './types.ts';

/** A name or claim in a lab that does not fit, with the path of keys at which it stands. */
export interface Misfit {
  readonly path: readonly string[];
  readonly what: string;
  readonly value: string;
  readonly valid: readonly string[];
  /** What to do, when it is not to use a valid name. */
  readonly next?: string;
}

/** The name that a lab gives to whichever real server the scheduler chose. */
export const chosenServer = 'rs';
/** The name of the chosen real server's address. */
export const chosenAddress = 'RIP';

/**
 * Checks a lab's names against its topology, and that each of its claims can be judged: by a check that proves it
 * or by a counter-lab. Returns what does not fit, [] when all does.
 */
export function checkLab(lab: Lab, topology: Topology): readonly Misfit[] {
  return [
    ...checkNodes(lab, topology),
    ...checkAddresses(lab, topology),
    ...checkSteps(lab, topology),
    ...checkKeepalived(lab),
    ...checkClaims(lab),
    ...checkFirstHops(lab),
    ...checkLinks(lab, topology),
    ...checkCounters(lab, topology),
  ];
}

/** Misfits as problems with file, line and column. */
export function labProblems(
  misfits: readonly Misfit[],
  file: string,
  source: string,
): readonly Problem[] {
  return misfits.map(({path, what, value, valid, next}) => {
    const meant = nearest(value, valid);
    const correction =
      meant === undefined ? 'use one of the valid names' : `did you mean "${meant}"?`;
    return {
      what: `${what} (lab.${path.join('.')})`,
      where: locate(file, source, path, value),
      value,
      valid,
      next: next ?? correction,
    };
  });
}

function checkNodes(lab: Lab, topology: Topology): Misfit[] {
  const nodes = topology.nodes.map(node => node.name);
  const serverNames = topology.nodes.filter(isRealServer).map(node => node.name);
  const unknown = (path: string[], value: string, valid: readonly string[]): Misfit[] =>
    valid.includes(value)
      ? []
      : [{path, what: `topology "${topology.name}" has no such node here`, value, valid}];
  const hops = waysOf(lab).flatMap(({path, hops: all}) =>
    all.flatMap(({link}) => {
      const ends = link.split(' > ');
      if (ends.length !== 2)
        return [
          {
            path: [...path, 'link'],
            what: 'a link is written "node > node"',
            value: link,
            valid: ['client > router'],
          },
        ];
      return ends.flatMap(end => unknown([...path, 'link'], end, [chosenServer, ...nodes]));
    }),
  );
  const facts = (lab.expect.facts ?? []).flatMap(fact => {
    const named = 'nodes' in fact ? fact.nodes : [fact.node];
    return [...named, ...(fact.kind === 'gateway' ? [fact.via] : [])].flatMap(name =>
      unknown(['expect', 'facts'], name, nodes),
    );
  });
  const gateway = lab.setup?.gateway;
  const networks = topology.networks.map(network => network.name);
  const inNetworks = (lab.expect.facts ?? [])
    .flatMap(fact => (fact.kind === 'only-in-network' ? [fact.network] : []))
    .filter(name => !networks.includes(name))
    .map(value => ({
      path: ['expect', 'facts', 'network'],
      what: `topology "${topology.name}" has no such network`,
      value,
      valid: networks,
    }));
  return [
    ...lab.realServers.flatMap(({node}) => unknown(['realServers', 'node'], node, serverNames)),
    ...checkFamilies(lab),
    ...(gateway === undefined ? [] : unknown(['setup', 'gateway'], gateway, ['none', ...nodes])),
    ...[lab.sysctls, ...lab.counter.map(({change}) => change.sysctls)].flatMap(sysctls =>
      Object.keys(sysctls ?? {}).flatMap(node => unknown(['sysctls'], node, nodes)),
    ),
    ...(lab.expect.never ?? []).flatMap(({at}) => unknown(['expect', 'never', 'at'], at, nodes)),
    ...hops,
    ...facts,
    ...inNetworks,
  ];
}

/** IPVS reaches a real server of the other family by tunnel only (ip_vs_ctl.c, ip_vs_genl_set_cmd). */
const checkFamilies = ({family = 'v4', realServers}: Lab): Misfit[] =>
  realServers
    .filter(server => (server.family ?? family) !== family && server.forward !== 'tunnel')
    .map(({forward}) => ({
      path: ['realServers', 'forward'],
      what: 'a real server of the other family can be reached by tunnel only',
      value: forward,
      valid: ['tunnel'],
      next: "forward to it by tunnel, or leave its family the lab's",
    }));

const isRealServer = (node: Node): boolean => node.role === 'realServer';

function checkAddresses(lab: Lab, topology: Topology): Misfit[] {
  const valid = addressNames(topology);
  const known = new Set([...valid, chosenAddress, '*']);
  const check = (path: string[], values: readonly string[]): Misfit[] =>
    values
      .filter(value => !known.has(value))
      .map(value => ({
        path,
        what: `topology "${topology.name}" has no address of this name`,
        value,
        valid: [...valid, chosenAddress],
      }));
  const pairs = (ip: string | readonly string[] | undefined): string[] =>
    [ip ?? []].flat().flatMap(pair => pair.split(' > '));
  return [
    ...check(['service', 'vip'], [lab.service.vip]),
    ...waysOf(lab).flatMap(({path, hops}) =>
      hops.flatMap(({ip}) => check([...path, 'ip'], pairs(ip))),
    ),
    ...(lab.expect.errors ?? []).flatMap(({path}) =>
      path.flatMap(({quotes}) => check(['expect', 'errors', 'quotes'], pairs(quotes?.ip))),
    ),
    ...(lab.expect.never ?? []).flatMap(never => [
      ...check(['expect', 'never', 'ip'], pairs(never.ip)),
      ...check(['expect', 'never', 'anyAddress'], never.anyAddress ?? []),
    ]),
    ...(lab.expect.facts ?? []).flatMap(fact => {
      if (fact.kind === 'no-route') return check(['expect', 'facts', 'to'], [fact.to]);
      if (fact.kind === 'logged-peer') return check(['expect', 'facts'], [fact.is, fact.not]);
      return fact.kind === 'arp-answered-only-by'
        ? check(['expect', 'facts', 'address'], [fact.address])
        : [];
    }),
  ];
}

/** A link is between two nodes of one network, or it could never be seen. */
function checkLinks(lab: Lab, topology: Topology): Misfit[] {
  const known = new Set(topology.nodes.map(node => node.name));
  const servers = lab.realServers.map(({node}) => node);
  const standsFor = (end: string): string[] =>
    (end === chosenServer ? servers : [end]).filter(name => known.has(name));
  return waysOf(lab).flatMap(({path, hops}) =>
    hops.flatMap(({link}) => {
      const [from = '', to = ''] = link.split(' > ');
      const apart = standsFor(from).flatMap(a =>
        standsFor(to).filter(
          b => sharedNetworks(nodeByName(topology, a), nodeByName(topology, b)).length === 0,
        ),
      );
      return apart.length === 0
        ? []
        : [
            {
              path: [...path, 'link'],
              what: 'the two nodes of a link must share a network',
              value: link,
              valid: [],
              next: `name the nodes between them, as topology "${topology.name}" has them`,
            },
          ];
    }),
  );
}

/** What a hop does not name must be as on the hop before: so the first hop must name it. */
function checkFirstHops(lab: Lab): Misfit[] {
  return waysOf(lab)
    .filter(
      ({path, hops: [first]}) =>
        first?.ip === undefined &&
        !(path.at(-1) === 'reply' && first === undefined && lab.expect.answers?.refused === true),
    )
    .map(({path, hops: [first]}) => ({
      path,
      what: 'the first hop must name its addresses',
      value: first?.link ?? '',
      valid: ["ip: 'CIP > VIP'"],
    }));
}

/** All that a lab says of the ways of packets, and of ICMP errors for them, with where it stands. */
const waysOf = ({
  expect: {request, reply, errors = [], data},
}: Lab): readonly {
  readonly path: readonly string[];
  readonly hops: readonly Pick<HopExpectation, 'link' | 'ip'>[];
}[] => [
  {path: ['expect', 'request'], hops: request},
  {path: ['expect', 'reply'], hops: reply},
  ...errors.map(({path}) => ({path: ['expect', 'errors'], hops: path})),
  ...(data === undefined
    ? []
    : [
        {path: ['expect', 'data', 'request'], hops: data.request},
        {path: ['expect', 'data', 'reply'], hops: data.reply},
      ]),
];
