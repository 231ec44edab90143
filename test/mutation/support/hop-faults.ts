import {addressByName, addressNames} from '../../../src/topology/names.ts';
import type {Hop} from '../../../src/verdict/hops.ts';
import {namesOf} from '../../../src/verdict/names.ts';
import type {Expectation} from '../../../src/verdict/types.ts';
import type {Fault} from './fault.ts';
import type {LabSubject} from './subject.ts';

/** A lab that says one thing otherwise. */
export const expecting = (
  subject: LabSubject,
  kind: string,
  place: string,
  change: Partial<Expectation>,
): Fault => ({
  kind: `expected ${kind}`,
  scope: 'in the lab',
  place,
  loss: false,
  plant: () => ({...subject, expectation: {...subject.expectation, ...change}}),
});

/** Each end of the link becomes each other node. */
export function linksInstead({run, expectation}: LabSubject, {link}: Hop): readonly string[] {
  const {source, destination} = link;
  const used = new Set(run.record.requests.map(({answeredBy}) => answeredBy));
  // With one real server, `rs` and its name are the same.
  const same = (name: string, node: string): boolean =>
    name === node || (name === 'rs' && used.size === 1 && used.has(node));
  const servers = expectation.realServers.length;
  return run.topology.nodes.flatMap(({name}) => [
    ...(same(source, name) ? [] : [`${name} > ${destination}`]),
    ...(same(destination, name) || servers === 0 ? [] : [`${source} > ${name}`]),
  ]);
}

/** Each end of each pair becomes each other address that has a name. */
export function pairsInstead(
  {run, expectation}: LabSubject,
  {ip}: Hop,
): readonly (readonly string[])[] {
  const {family} = expectation;
  const names = namesOf(run.topology, expectation);
  const used = new Set(run.record.requests.map(({answeredBy}) => answeredBy));
  const byAddress = new Map(
    addressNames(run.topology).flatMap(name => {
      const address = addressByName(run.topology, name, family);
      return address === undefined ? [] : [[address, name]];
    }),
  );
  const others = (name: string): readonly string[] =>
    [...byAddress.entries()].flatMap(([address, other]) =>
      names.address(name) === address || (name === 'RIP' && used.size === 1) ? [] : [other],
    );
  const words = ip.map(({source, destination}) => `${source} > ${destination}`);
  return ip.flatMap(({source, destination}, i) =>
    [
      ...others(source).map(name => `${name} > ${destination}`),
      ...others(destination).map(name => `${source} > ${name}`),
    ].map(pair => words.with(i, pair)),
  );
}

/** Each port becomes another, and both each other. */
export function portsInstead({ports}: Hop): readonly string[] {
  if (ports === undefined) return [];
  const other = (name: string): string => (/^\d+$/.test(name) ? String(Number(name) + 1) : '1');
  const {source, destination} = ports;
  return [
    `${other(source)} > ${destination}`,
    `${source} > ${other(destination)}`,
    `${destination} > ${source}`,
  ];
}
