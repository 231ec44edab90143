import {InputError} from '../../problem.ts';
import {canonical, parseAddress} from '../../topology/ip.ts';
import type {Family} from '../../topology/types.ts';
import {formatEndpoint} from '../text.ts';
import type {Protocol, ServiceKey, VirtualService} from '../types.ts';
import {usualKernel, type KernelFacts} from './kernel.ts';
import {flagsOf, modelOf} from './model.ts';
import {Server} from './server.ts';
import type {Arrival, SchedulerModel, ServerId, ServerSettings, ServerState} from './types.ts';

/** A virtual service, its real servers in the order in which they are added to it. */
export type ModelledService = Pick<VirtualService, 'key' | 'scheduler' | 'flags' | 'realServers'>;

interface Connection {
  readonly server: Server;
  readonly protocol: Protocol;
  active: boolean;
}

/**
 * One service of a director: its real servers with their connection counts, kept as the kernel keeps them, and the model
 * of its scheduler. Connections have names of the caller's choice. Throws InputError for a server or connection that is
 * not there, or is there already.
 *
 * Not modelled: persistence (only a connection that makes a template reaches the scheduler; bind the others to its
 * server), and `expire_nodest_conn`.
 */
export class World {
  readonly #servers: Server[] = [];
  /** Removed servers stay, with their counts, as in the kernel's trash (ip_vs_trash_get_dest). */
  readonly #known = new Map<string, Server>();
  readonly #connections = new Map<string, Connection>();
  readonly #setting;
  #scheduler: string;
  #model: SchedulerModel;

  constructor(service: ModelledService, kernel: KernelFacts = usualKernel) {
    this.#setting = {
      servers: this.#servers,
      family: familyOf(service.key),
      flags: flagsOf(service.flags),
      kernel,
    };
    this.#scheduler = service.scheduler;
    this.#model = modelOf(service.scheduler, this.#setting);
    for (const server of service.realServers) this.add(server);
  }

  /** The real servers in the kernel's order: the latest added first. */
  get servers(): readonly ServerState[] {
    return this.#servers;
  }

  /** `ipvsadm -a`. */
  add(settings: ServerSettings): void {
    const name = nameOf(settings);
    const server = this.#known.get(name) ?? new Server(settings);
    if (server.present) throw wrong('real server is already in the service', name);
    server.set(settings, 'added', this.#setting.kernel);
    this.#known.set(name, server);
    this.#servers.unshift(server);
    this.#model.changed?.();
  }

  /** `ipvsadm -e`: weight and both thresholds; what is not given becomes 0. */
  edit(settings: ServerSettings): void {
    this.#present(settings).set(settings, 'edited', this.#setting.kernel);
    this.#model.changed?.();
  }

  /** `ipvsadm -d`. The server's connections stay. */
  remove(id: ServerId): void {
    const server = this.#present(id);
    const index = this.#servers.indexOf(server);
    this.#servers.splice(index, 1);
    server.present = false;
    this.#model.removed?.(server, this.#servers[index - 1]);
    this.#model.changed?.();
  }

  /** `ipvsadm -E`: a scheduler that is another begins anew; the same one only gets the flags (ip_vs_edit_service). */
  reschedule(scheduler: string, flags: readonly string[]): void {
    if (scheduler !== this.#scheduler) this.#model = modelOf(scheduler, this.#setting);
    this.#scheduler = scheduler;
    this.#setting.flags = flagsOf(flags);
  }

  /** A new connection: the scheduler's choice, to which it is bound; undefined when it is refused. */
  open(connection: string, arrival: Arrival): ServerState | undefined {
    const server = this.#model.choose(arrival);
    if (server !== undefined) this.bind(connection, arrival.protocol, server);
    return server;
  }

  /**
   * Binds a new connection to a server that something else chose: chance, a persistence template. TCP counts as active
   * from the SYN on, SCTP once established, UDP never (ip_vs_bind_dest; tcp_state_active_table).
   */
  bind(connection: string, protocol: Protocol, id: ServerId): void {
    if (this.#connections.has(connection)) throw wrong('connection is already open', connection);
    const server = this.#present(id);
    server.bind(protocol === 'tcp');
    this.#connections.set(connection, {server, protocol, active: protocol === 'tcp'});
  }

  /** The three-way handshake, or SCTP's four-way, is done. Nothing changes for TCP and UDP. */
  established(connection: string): void {
    this.#activate(connection, this.#connection(connection).protocol !== 'udp');
  }

  /** The director saw a FIN, or an RST that ends the connection: from now on it is inactive. */
  closing(connection: string): void {
    this.#activate(connection, false);
  }

  /** The connection entry is gone. */
  expired(connection: string): void {
    const {server, active} = this.#connection(connection);
    server.unbind(active);
    this.#connections.delete(connection);
  }

  #activate(name: string, active: boolean): void {
    const connection = this.#connection(name);
    if (connection.active !== active) connection.server.activate(active);
    connection.active = active;
  }

  #connection(name: string): Connection {
    const connection = this.#connections.get(name);
    if (connection === undefined) throw wrong('no such connection', name);
    return connection;
  }

  #present(id: ServerId): Server {
    const server = this.#known.get(nameOf(id));
    if (server?.present === true) return server;
    throw wrong('no such real server in the service', nameOf(id), this.#servers.map(nameOf));
  }
}

const nameOf = ({address, port}: ServerId): string =>
  formatEndpoint({address: canonical(address), port});

function familyOf(key: ServiceKey): Family {
  if (key.kind === 'fwmark') return key.family;
  const address = parseAddress(key.address);
  if (address === undefined) throw wrong('not an address of a service', key.address);
  return address.family;
}

const wrong = (what: string, value: string, valid?: readonly string[]): InputError =>
  new InputError({what, value, valid, next: 'correct the events that the model is given'});
