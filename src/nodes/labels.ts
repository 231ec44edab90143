import type Docker from 'dockerode';
import {isAlive, parseOwner} from '../own/owner.ts';

/** The labels of everything that lvslab makes in an engine; what has no `lvslab.run` is not lvslab's. */
export const label = {
  run: 'lvslab.run',
  owner: 'lvslab.owner',
  topology: 'lvslab.topology',
  node: 'lvslab.node',
  network: 'lvslab.network',
  /** Deployed to stay: swept by name only, never because its maker ended. */
  keep: 'lvslab.keep',
} as const;

export interface Made {
  readonly kind: 'container' | 'network';
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Everything of lvslab's in the engine, running or not; containers before networks, as they must be removed. */
export async function listMade(engine: Docker, run?: string): Promise<readonly Made[]> {
  const filters = {label: [run === undefined ? label.run : `${label.run}=${run}`]};
  const [containers, networks] = await Promise.all([
    engine.listContainers({all: true, filters}),
    engine.listNetworks({filters}),
  ]);
  return [
    ...containers.map(({Id, Names, Labels}) => ({
      kind: 'container' as const,
      id: Id,
      name: (Names[0] ?? Id).replace(/^\//, ''),
      labels: Labels,
    })),
    ...networks.map(({Id, Name, Labels}) => ({
      kind: 'network' as const,
      id: Id,
      name: Name,
      labels: Labels ?? {},
    })),
  ];
}

/** Whether the thing's maker is a dead process, and it was not made to stay. An owner that cannot be read is not dead. */
export function isOrphan({labels}: Made): boolean {
  const owner = parseOwner(labels[label.owner] ?? '');
  return labels[label.keep] === undefined && owner !== undefined && !isAlive(owner);
}
