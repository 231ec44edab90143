import {addressNames, nodeByName, sharedNetworks} from '../../topology/names.ts';
import {parseAddress} from '../../topology/ip.ts';
import type {Topology} from '../../topology/types.ts';
import type {ExchangeHop, SyncedConnection} from '../../verdict/exchange/types.ts';
import type {Misfit} from '../check.ts';
import {isWhole} from '../../verdict/exchange/group.ts';
import {namesOf} from '../../verdict/names.ts';
import {checkSync, checkWhole} from './check-sync.ts';
import {canBeShown, shownNext, shownValid} from './shown.ts';
import type {Caused, Exchange, ExchangeStep, PacketFields, PathItem} from './types.ts';

/** The parts of an exchange's path: hops of packets, and of those that they cause. */
interface Way {
  readonly from: string;
  readonly fields: Pick<PacketFields, 'ip' | 'sync'>;
  readonly path: readonly PathItem[];
}

/**
 * Checks an exchange's names against its topology, and that each of its claims can be judged. Returns what does not fit, [] when
 * all does.
 */
export function checkExchange(lab: Exchange, topology: Topology): readonly Misfit[] {
  return [
    ...checkNodes(lab, topology),
    ...checkAddresses(lab, topology),
    ...checkLinks(lab, topology),
    ...checkSync(lab),
    ...checkClaims(lab),
  ];
}

const waysOf = (step: ExchangeStep): readonly Way[] => {
  if (step.kind === 'together') return step.packets.flatMap(waysOf);
  if (step.kind === 'packet')
    return [
      {from: step.from, fields: step, path: step.path},
      ...(step.causes ?? []).map((caused: Caused) => ({
        from: pairOf(linkOf(caused.path[0] ?? ''))[0] ?? '',
        fields: {ip: caused.ip},
        path: caused.path,
      })),
    ];
  return step.kind === 'repeat'
    ? step.paths.map(path => ({from: step.packet.from, fields: step.packet, path}))
    : [];
};

const linkOf = (item: PathItem): string => (typeof item === 'string' ? item : item.link);
const pairOf = (text: string): readonly string[] => text.split('>').map(word => word.trim());
const hopsOf = ({path}: Way): readonly ExchangeHop[] =>
  path.flatMap(item => (typeof item === 'string' ? [] : [item]));

function checkNodes(lab: Exchange, topology: Topology): Misfit[] {
  const all = topology.nodes.map(({name}) => name);
  const servers = topology.nodes.filter(({role}) => role === 'realServer').map(({name}) => name);
  const unknown = (path: readonly string[], values: readonly string[], valid = all): Misfit[] =>
    values
      .filter(value => !valid.includes(value))
      .map(value => ({
        path,
        what: `topology "${topology.name}" has no such node here`,
        value,
        valid,
      }));
  return [
    ...unknown(
      ['realServers', 'node'],
      lab.realServers.map(({node}) => node),
      servers,
    ),
    ...unknown(['tunnelEnds'], lab.tunnelEnds ?? []),
    ...unknown(['sysctls'], Object.keys(lab.sysctls ?? {})),
    ...lab.counter.flatMap(({change}) =>
      unknown(['counter', 'change', 'sysctls'], Object.keys(change.sysctls ?? {})),
    ),
    ...lab.steps.flatMap(step => {
      if (step.kind === 'edit')
        return [
          ...unknown(['steps', 'weights'], Object.keys(step.weights ?? {}), servers),
          ...unknown(['steps', 'add'], step.add?.map(({node}) => node) ?? [], servers),
          ...unknown(['steps', 'remove'], step.remove ?? [], servers),
        ];
      if (step.kind === 'shows' && !canBeShown(step.what))
        return [
          {
            path: ['steps', 'what'],
            what: 'nothing that a node can be asked for',
            value: step.what,
            valid: shownValid,
            next: shownNext,
          },
        ];
      if (step.kind === 'shows' || step.kind === 'counters' || step.kind === 'sysctl')
        return unknown(['steps', 'node'], [step.node]);
      return waysOf(step).flatMap(way => unknown(['steps', 'from'], [way.from]));
    }),
  ];
}

function checkAddresses(lab: Exchange, topology: Topology): Misfit[] {
  const valid = [...addressNames(topology), ...Object.keys(lab.names ?? {})];
  const check = (path: readonly string[], values: readonly string[]): Misfit[] =>
    values
      .filter(value => !valid.includes(value) && parseAddress(value) === undefined)
      .map(value => ({
        path,
        what: `topology "${topology.name}" has no address of this name`,
        value,
        valid,
      }));
  const pairs = (ip: PacketFields['ip'] | undefined): readonly string[] =>
    [ip ?? []].flat().flatMap(pairOf);
  return [
    ...check(['service', 'vip'], [lab.service.vip]),
    ...lab.steps.flatMap(step => {
      if (step.kind === 'entries' || step.kind === 'synced')
        return (step.kind === 'entries' ? step.entries : step.connections).flatMap(one =>
          check(['steps', 'entries'], addressesOf(one)),
        );
      return waysOf(step).flatMap(way => [
        ...check(['steps', 'ip'], pairs(way.fields.ip)),
        ...(way.fields.sync?.connections ?? []).flatMap(one =>
          check(['steps', 'sync', 'connections'], addressesOf(one)),
        ),
        ...hopsOf(way).flatMap(hop => [
          ...check(['steps', 'path', 'ip'], pairs(hop.ip)),
          ...check(['steps', 'path', 'quotes'], pairs(hop.quotes?.ip)),
        ]),
      ]);
    }),
  ];
}

const addressesOf = ({client, virtual, server}: SyncedConnection): readonly string[] =>
  [client, virtual, server].map(end => end.replace(/:\d+$/, '').replaceAll(/[[\]]/g, ''));

/** A link is between two nodes of one network; a path is one link behind the other; ports are numbers. */
function checkLinks(lab: Exchange, topology: Topology): Misfit[] {
  const all = new Set(topology.nodes.map(({name}) => name));
  const names = namesOf(topology, {names: lab.names, family: lab.family ?? 'v4'});
  return lab.steps.flatMap(waysOf).flatMap(way => {
    const links = way.path.map(linkOf);
    const bad = (value: string, what: string, next: string): Misfit => ({
      path: ['steps', 'path'],
      what,
      value,
      valid: [],
      next,
    });
    const broken = links.flatMap((link, i) => {
      const [from = '', to = '', ...rest] = pairOf(link);
      if (rest.length > 0 || !all.has(from) || !(all.has(to) || isWhole(to, topology)))
        return [bad(link, 'a link is written "node > node"', `name nodes of ${topology.name}`)];
      const [, end = from] = pairOf(links[i - 1] ?? '');
      if (end !== from)
        return [bad(link, 'a link begins where the one before it ended', `begin it at ${end}`)];
      if (i === 0 && from !== way.from)
        return [bad(link, 'a path begins at the node that sends', `begin it at ${way.from}`)];
      if (isWhole(to, topology)) {
        const item = way.path[i];
        const own = typeof item === 'string' ? undefined : item?.ip;
        const [, destination = ''] = pairOf([own ?? way.fields.ip].flat()[0] ?? '');
        return checkWhole([from, to], destination, topology, names) ?? [];
      }
      const [a, b] = [from, to].map(name => nodeByName(topology, name));
      const shared = a === undefined || b === undefined ? [] : sharedNetworks(a, b);
      return shared.length > 0
        ? []
        : [
            bad(
              link,
              'the two nodes of a link must share a network',
              `name the nodes between them, as topology "${topology.name}" has them`,
            ),
          ];
    });
    const ports = hopsOf(way)
      .flatMap(({ports: own, quotes}) => [own, quotes?.ports])
      .filter(text => text !== undefined)
      .filter(text => !/^\s*\d{1,5}\s*>\s*\d{1,5}\s*$/.test(text))
      .map(text => bad(text, 'ports of an exchange are numbers', "write them as '4000 > 80'"));
    return [...broken, ...ports];
  });
}

/** That each claim can be judged, by a check or by a counter-lab, and that each that they name is listed. */
function checkClaims(lab: Exchange): Misfit[] {
  const checks = lab.steps.flatMap(step => [
    ...('proves' in step ? (step.proves ?? []) : []),
    ...waysOf(step)
      .flatMap(hopsOf)
      .flatMap(({proves}) => proves ?? []),
  ]);
  const counters = lab.counter.map(({claim}) => claim);
  const proven = new Set([...checks, ...counters]);
  return [
    ...lab.claims
      .filter(claim => !proven.has(claim))
      .map(value => ({
        path: ['claims'],
        what: 'nothing in the lab proves this claim: no step names it and no counter-lab breaks it',
        value,
        valid: [],
        next: 'name it in the proves of a hop or step, or take it out',
      })),
    ...[...proven]
      .filter(claim => !lab.claims.includes(claim))
      .map(value => ({
        path: ['steps'],
        what: 'a step or counter-lab names a claim that the lab does not list',
        value,
        valid: lab.claims,
        next: 'add it to claims, or correct it',
      })),
  ];
}
