import {loadTopology} from '../../../src/topology/load.ts';
import type {Topology} from '../../../src/topology/types.ts';

/** Client, director and real servers on one LAN. */
export function lan(count: number): Topology {
  const node = (name: string, role: string, address: string): string =>
    `  ${name}: {role: ${role}, interfaces: {eth0: {network: lan, v4: ${address}}}}`;
  const servers = Array.from({length: count - 2}, (_, index) =>
    node(`rs${index + 1}`, 'realServer', `198.51.100.${index + 21}`),
  );
  const text = [
    `name: lan-${count}`,
    'networks: {lan: {v4: 198.51.100.0/24}}',
    'nodes:',
    node('client', 'client', '198.51.100.10'),
    node('director', 'director', '198.51.100.2'),
    ...servers,
  ].join('\n');
  return loadTopology(text, `lan-${count}.yaml`);
}
