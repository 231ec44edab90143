import {addressNames, nodesOfRole} from '../../topology/names.ts';
import type {Topology} from '../../topology/types.ts';
import {failoverChecks} from '../../verdict/failover/types.ts';
import {chosenAddress, chosenServer, type Misfit} from '../check.ts';
import type {FailoverLab} from './types.ts';

/** The name that a link gives to the director that has the address at that time. */
export const presentDirector = 'director';

/** Checks a failover lab's names against its topology, and that each of its claims can be judged. [] when all fits. */
export function checkFailover(lab: FailoverLab, topology: Topology): readonly Misfit[] {
  return [
    ...checkNames(lab, topology),
    ...checkRouters(lab, topology),
    ...checkHolds(lab),
    ...checkFirstHops(lab),
    ...checkClaims(lab),
  ];
}

type Named = readonly [path: readonly string[], value: string];

function checkNames(lab: FailoverLab, topology: Topology): readonly Misfit[] {
  const names = (role?: Parameters<typeof nodesOfRole>[1]): readonly string[] =>
    (role === undefined ? topology.nodes : nodesOfRole(topology, role)).map(({name}) => name);
  const misfits = (what: string, valid: readonly string[], named: readonly Named[]): Misfit[] =>
    named
      .filter(([, value]) => !valid.includes(value))
      .map(([path, value]) => ({
        path,
        what: `topology "${topology.name}" has no such ${what} here`,
        value,
        valid,
      }));
  const {expect, realServers, service, sharing, steps} = lab;
  const hops = (['request', 'reply'] as const).flatMap(direction =>
    expect[direction].map(hop => ({path: ['expect', direction], hop})),
  );
  const addresses = addressNames(topology);
  return [
    ...misfits(
      'real server',
      names('realServer'),
      realServers.map(({node}) => [['realServers', 'node'], node]),
    ),
    ...misfits(
      'director',
      names('director'),
      steps.flatMap((step): Named[] => {
        if (step.kind === 'kill' || step.kind === 'synced')
          return [[['steps', step.kind], step.node]];
        if (step.kind === 'knows') return [[['steps', 'knows'], step.director]];
        if (step.kind === 'block') return step.at.map(node => [['steps', 'block'], node]);
        return step.kind === 'masters'
          ? Object.values(step.of)
              .flat()
              .map(node => [['steps', 'masters'], node])
          : [];
      }),
    ),
    ...misfits(
      'node',
      [presentDirector, chosenServer, ...names()],
      [
        ...hops.flatMap(({path, hop}) =>
          hop.link.split(' > ').map((end): Named => [[...path, 'link'], end]),
        ),
        ...steps.flatMap((step): Named[] => {
          if (step.kind === 'knows') return [[['steps', 'knows'], step.node]];
          return 'from' in step ? [[['steps', 'from'], step.from]] : [];
        }),
        ...(expect.never ?? []).map(({at}): Named => [['expect', 'never', 'at'], at]),
      ],
    ),
    ...misfits(
      'address',
      [...addresses, chosenAddress],
      [
        ...service.vips.map((vip): Named => [['service', 'vips'], vip]),
        ...sharing.routers.flatMap(router =>
          router.addresses.map((name): Named => [['sharing', 'addresses'], name]),
        ),
        ...hops.flatMap(({path, hop: {ip = []}}) =>
          [ip]
            .flat()
            .flatMap(pair => pair.split(' > ').map((name): Named => [[...path, 'ip'], name])),
        ),
        ...steps.flatMap((step): Named[] => {
          if (step.kind === 'who-has' || step.kind === 'knows')
            return [[['steps', 'address'], step.address]];
          return 'to' in step ? [[['steps', 'to'], step.to]] : [];
        }),
      ],
    ),
    ...misfits(
      'network',
      topology.networks.map(({name}) => name),
      [
        ...sharing.routers.map(({network}): Named => [['sharing', 'network'], network]),
        ...(sharing.sync === undefined
          ? []
          : [[['sharing', 'sync', 'network'], sharing.sync.network] as const]),
      ],
    ),
  ];
}

/** Each virtual router has a priority of each director, no two the same: who is master must not be left to chance. */
function checkRouters({sharing, steps}: FailoverLab, topology: Topology): readonly Misfit[] {
  const directors = nodesOfRole(topology, 'director').map(({name}) => name);
  const ids = sharing.routers.map(({id}) => String(id));
  const unknown = (path: readonly string[], values: readonly string[]): Misfit[] =>
    values
      .filter(value => !ids.includes(value))
      .map(value => ({path, what: 'the lab has no such virtual router', value, valid: ids}));
  return [
    ...sharing.routers.flatMap(({id, priorities}): Misfit[] => {
      const given = Object.keys(priorities);
      const values = Object.values(priorities);
      const right =
        given.toSorted().join(' ') === directors.toSorted().join(' ') &&
        new Set(values).size === values.length;
      return right
        ? []
        : [
            {
              path: ['sharing', 'routers', 'priorities'],
              what: `virtual router ${id} needs a priority of each director, no two the same`,
              value: given.join(', '),
              valid: directors,
              next: 'give each director one of its own',
            },
          ];
    }),
    ...unknown(
      ['steps', 'masters'],
      steps.flatMap(step => (step.kind === 'masters' ? Object.keys(step.of) : [])),
    ),
    ...unknown(
      ['sharing', 'sync', 'router'],
      sharing.sync === undefined ? [] : [String(sharing.sync.router)],
    ),
  ];
}

/** Only connections that are held can be asked, synced and released. */
function checkHolds({steps}: FailoverLab): readonly Misfit[] {
  const valid = steps.flatMap(step => (step.kind === 'connections' ? (step.hold ?? []) : []));
  return steps.flatMap(step =>
    'hold' in step && step.hold !== undefined && !valid.includes(step.hold)
      ? [
          {
            path: ['steps', step.kind],
            what: 'no connections are held under this name',
            value: step.hold,
            valid,
          },
        ]
      : [],
  );
}

/** What a hop does not name must be as on the hop before: so the first hop must name it. */
const checkFirstHops = ({expect}: FailoverLab): readonly Misfit[] =>
  (['request', 'reply'] as const)
    .filter(direction => expect[direction][0]?.ip === undefined)
    .map(direction => ({
      path: ['expect', direction],
      what: 'the first hop must name its addresses',
      value: expect[direction][0]?.link ?? '',
      valid: ["ip: 'CIP > VIP'"],
    }));

function checkClaims({claims, counter, expect}: FailoverLab): readonly Misfit[] {
  const {request, reply, never = []} = expect;
  const named = new Set([
    ...[...request, ...reply, ...never].flatMap(({proves}) => proves ?? []),
    ...[...failoverChecks, 'answers' as const].flatMap(check => expect[check]?.proves ?? []),
    ...counter.map(({claim}) => claim),
  ]);
  return [
    ...claims
      .filter(claim => !named.has(claim))
      .map(value => ({
        path: ['claims'],
        what: 'nothing in the lab proves this claim: no check names it and no counter-lab breaks it',
        value,
        valid: [],
        next: 'name it in the proves of a hop or check, or take it out',
      })),
    ...[...named]
      .filter(claim => !claims.includes(claim))
      .map(value => ({
        path: ['expect'],
        what: 'a check or counter-lab names a claim that the lab does not list',
        value,
        valid: claims,
        next: 'add it to claims, or correct it',
      })),
  ];
}
