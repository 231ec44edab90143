import {nearest, type Problem} from '../problem.ts';
import type {Node, Topology} from '../topology/types.ts';
import {locate} from './locate.ts';
import type {Lab} from './types.ts';

/** A name or claim in a lab that does not fit, with the path of keys at which it stands. */
export interface Misfit {
  readonly path: readonly string[];
  readonly what: string;
  readonly value: string;
  readonly valid: readonly string[];
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
    ...checkClaims(lab),
    ...checkFirstHops(lab),
  ];
}

/** Misfits as problems with file, line and column. */
export function labProblems(
  misfits: readonly Misfit[],
  file: string,
  source: string,
): readonly Problem[] {
  return misfits.map(({path, what, value, valid}) => {
    const meant = nearest(value, valid);
    return {
      what: `${what} (lab.${path.join('.')})`,
      where: locate(file, source, path, value),
      value,
      valid,
      next: meant === undefined ? 'use one of the valid names' : `did you mean "${meant}"?`,
    };
  });
}

function checkNodes(lab: Lab, topology: Topology): Misfit[] {
  const all = topology.nodes.map(node => node.name);
  const serverNames = topology.nodes.filter(isRealServer).map(node => node.name);
  const unknown = (path: string[], value: string, valid: readonly string[]): Misfit[] =>
    valid.includes(value)
      ? []
      : [{path, what: `topology "${topology.name}" has no such node here`, value, valid}];
  const hops = (['request', 'reply'] as const).flatMap(direction =>
    lab.expect[direction].flatMap(({link}) => {
      const ends = link.split(' > ');
      if (ends.length !== 2)
        return [
          {
            path: ['expect', direction, 'link'],
            what: 'a link is written "node > node"',
            value: link,
            valid: ['client > router'],
          },
        ];
      return ends.flatMap(end =>
        unknown(['expect', direction, 'link'], end, [chosenServer, ...all]),
      );
    }),
  );
  const facts = (lab.expect.facts ?? []).flatMap(fact => {
    const named = 'nodes' in fact ? fact.nodes : [fact.node];
    return [...named, ...(fact.kind === 'gateway' ? [fact.via] : [])].flatMap(name =>
      unknown(['expect', 'facts'], name, all),
    );
  });
  const gateway = lab.setup?.gateway;
  return [
    ...lab.realServers.flatMap(({node}) => unknown(['realServers', 'node'], node, serverNames)),
    ...unknown(
      ['traffic', 'from'],
      lab.traffic.from,
      topology.nodes.filter(node => node.role === 'client').map(node => node.name),
    ),
    ...(gateway === undefined ? [] : unknown(['setup', 'gateway'], gateway, ['none', ...all])),
    ...(lab.expect.never ?? []).flatMap(({at}) => unknown(['expect', 'never', 'at'], at, all)),
    ...hops,
    ...facts,
  ];
}

const isRealServer = (node: Node): boolean => node.role === 'realServer';

/** Every name of an address in the topology, by which a lab may call it. */
export function addressNames(topology: Topology): string[] {
  return [
    ...topology.addresses.map(address => address.name),
    ...topology.nodes.flatMap(node => node.interfaces.flatMap(({names}) => [...names])),
  ];
}

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
    ...check(['traffic', 'to'], [lab.traffic.to]),
    ...(['request', 'reply'] as const).flatMap(direction =>
      lab.expect[direction].flatMap(({ip}) => check(['expect', direction, 'ip'], pairs(ip))),
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

/** Every claim that something in the lab's expectations proves. */
export function provenByChecks(lab: Lab): ReadonlySet<string> {
  const {request, reply, never = [], facts = [], entries, answers} = lab.expect;
  return new Set([
    ...[...request, ...reply, ...never, ...facts].flatMap(({proves}) => proves ?? []),
    ...(entries?.proves ?? []),
    ...(answers?.proves ?? []),
  ]);
}

function checkClaims(lab: Lab): Misfit[] {
  const checks = provenByChecks(lab);
  const counters = lab.counter.map(({claim}) => claim);
  const idle = lab.claims.filter(claim => !checks.has(claim) && !counters.includes(claim));
  const unlisted = [...new Set([...checks, ...counters])].filter(
    claim => !lab.claims.includes(claim),
  );
  return [
    ...idle.map(value => ({
      path: ['claims'],
      what: 'nothing in the lab proves this claim: no check names it and no counter-lab breaks it',
      value,
      valid: [...checks],
    })),
    ...unlisted.map(value => ({
      path: ['expect'],
      what: 'a check or counter-lab names a claim that the lab does not list',
      value,
      valid: lab.claims,
    })),
  ];
}

/** What a hop does not name must be as on the hop before: so the first hop must name it. */
function checkFirstHops(lab: Lab): Misfit[] {
  return (['request', 'reply'] as const)
    .filter(direction => lab.expect[direction][0]?.ip === undefined)
    .map(direction => ({
      path: ['expect', direction],
      what: 'the first hop must name its addresses',
      value: lab.expect[direction][0]?.link ?? '',
      valid: ["ip: 'CIP > VIP'"],
    }));
}
