import {canonical} from '../../topology/ip.ts';
import {groupOf} from '../persistence.ts';
import type {VirtualService} from '../types.ts';
import type {Arrival, ServerId} from './types.ts';
import type {World} from './world.ts';

/**
 * The persistence templates of a service (ip_vs_core.c, ip_vs_sched_persist): the scheduler chooses for the first
 * connection of a group of clients to an address and port, or to a firewall mark; the others follow its template, also to
 * a real server of weight 0, unless net.ipv4.vs.expire_quiescent_template is 1 (ip_vs_conn.c, ip_vs_check_template).
 * Without persistence the scheduler chooses for all.
 */
export class Templates {
  readonly #service: VirtualService;
  readonly #servers = new Map<string, ServerId>();
  readonly #expireQuiescent: boolean;

  constructor(service: VirtualService, expireQuiescent = false) {
    this.#service = service;
    this.#expireQuiescent = expireQuiescent;
  }

  /** The templates' time is over. */
  expire(): void {
    this.#servers.clear();
  }

  /** As World.open, by the template where there is one. */
  open(world: World, connection: string, arrival: Arrival): ServerId | undefined {
    const {persistence, key} = this.#service;
    if (persistence === undefined) return world.open(connection, arrival);
    const {destination, destinationPort, protocol} = arrival;
    const group = groupOf(arrival.source, persistence);
    const name =
      key.kind === 'fwmark'
        ? group
        : `${group} ${protocol} ${canonical(destination)} ${destinationPort}`;
    const known = this.#servers.get(name);
    const quiescent = world.servers.some(
      ({address, port, weight}) =>
        address === known?.address && port === known.port && weight === 0,
    );
    if (known === undefined || (quiescent && this.#expireQuiescent)) {
      const chosen = world.open(connection, arrival);
      if (chosen !== undefined)
        this.#servers.set(name, {address: chosen.address, port: chosen.port});
      return chosen;
    }
    world.bind(connection, protocol, known);
    return known;
  }
}
