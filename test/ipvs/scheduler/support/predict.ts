import type {KernelFacts} from '../../../../src/ipvs/scheduler/kernel.ts';
import type {Arrival, ServerId, ServerSettings} from '../../../../src/ipvs/scheduler/types.ts';
import {World, type ModelledService} from '../../../../src/ipvs/scheduler/world.ts';

/** What happens to a service and its connections, in the order in which the director sees it. */
export type WorldEvent =
  | {readonly kind: 'add' | 'edit'; readonly server: ServerSettings}
  | {readonly kind: 'remove'; readonly server: ServerId}
  | {readonly kind: 'reschedule'; readonly scheduler: string; readonly flags: readonly string[]}
  | {readonly kind: 'open'; readonly connection: string; readonly arrival: Arrival}
  | {readonly kind: 'established' | 'closing' | 'expired'; readonly connection: string};

/** The server of one connection; undefined: none was available, and the connection was refused. */
export interface Prediction {
  readonly connection: string;
  readonly server: ServerId | undefined;
}

/**
 * Predicts the real server of each connection that the events open, in their order. Later events of a connection that
 * was refused are passed over. Throws InputError as `World` does.
 */
export function predict(
  service: ModelledService,
  events: readonly WorldEvent[],
  kernel?: KernelFacts,
): readonly Prediction[] {
  const world = new World(service, kernel);
  const refused = new Set<string>();
  return events.flatMap(event => {
    if (event.kind === 'open') {
      const {connection} = event;
      const server = world.open(connection, event.arrival);
      if (server === undefined) refused.add(connection);
      else refused.delete(connection);
      return [{connection, server: server && {address: server.address, port: server.port}}];
    }
    if (!('connection' in event) || !refused.has(event.connection)) happen(world, event);
    return [];
  });
}

function happen(world: World, event: Exclude<WorldEvent, {kind: 'open'}>): void {
  switch (event.kind) {
    case 'add':
    case 'edit':
      return world[event.kind](event.server);
    case 'remove':
      return world.remove(event.server);
    case 'reschedule':
      return world.reschedule(event.scheduler, event.flags);
    case 'established':
    case 'closing':
    case 'expired':
      return world[event.kind](event.connection);
  }
}
