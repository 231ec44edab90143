import {InputError} from '../../problem.ts';
import {quote} from '../../quote.ts';
import {interfaceOn, nodeByName} from '../../topology/names.ts';
import type {Topology} from '../../topology/types.ts';
import {protocolNumbers} from '../../verdict/connections.ts';
import {parseEnd} from '../../verdict/exchange/entries.ts';
import {groupMac} from '../../verdict/exchange/synced.ts';
import type {SyncedExpectation} from '../../verdict/exchange/types.ts';
import {addressOf} from '../../verdict/hops.ts';
import type {Names} from '../../verdict/names.ts';
import {parseFamily} from '../../wire/address.ts';
import type {AwaitedAt} from './awaited.ts';
import type {Exchange, ExchangeCounter, SyncedStep} from './types.ts';

/** The director's interface on the network of the sync daemon. */
function syncDevice({sync}: Pick<Exchange, 'sync'>, topology: Topology, director: string) {
  const link =
    sync === undefined ? undefined : interfaceOn(nodeByName(topology, director), sync.network);
  if (sync !== undefined && link !== undefined) return {...sync, link};
  throw new InputError({
    what: 'the sync daemon needs a network of the director',
    where: topology.name,
    value: sync?.network ?? '',
    next: "say in the lab's sync which network it is on",
  });
}

/** Starts the director's sync daemon, as a master where the lab says nothing else: ipvsadm(8); '' for a lab without one. */
export function syncScript(
  lab: Pick<Exchange, 'sync'>,
  topology: Topology,
  director: string,
  change: ExchangeCounter['change'] = {},
): string {
  if (lab.sync === undefined) return '';
  const {link, state = 'master', ...own} = syncDevice(lab, topology, director);
  const id = change.sync?.id ?? own.id;
  return `ipvsadm --start-daemon ${state} --mcast-interface ${quote(link.name)} --syncid ${Math.trunc(id)}`;
}

/** A step with every name resolved. Throws InputError for a lab without a sync daemon. */
export function planSynced(
  lab: Pick<Exchange, 'sync' | 'service'>,
  {connections, version = 1, ports = [8848], proves = []}: SyncedStep,
  step: number,
  topology: Topology,
  director: string,
): SyncedExpectation {
  const {network, id} = syncDevice(lab, topology, director);
  const protocol = protocolNumbers[lab.service.protocol];
  return {kind: 'synced', step, network, syncId: id, version, ports, protocol, connections, proves};
}

/** Messages of which each tells of one of the connections, as the director's capture has them. */
export function awaitedSync(
  lab: Pick<Exchange, 'sync'>,
  {version, protocol, connections}: SyncedExpectation,
  topology: Topology,
  director: string,
  names: Names,
): readonly Omit<AwaitedAt, 'count'>[] {
  const {link} = syncDevice(lab, topology, director);
  const head = `^${[groupMac, link.mac].join('').replaceAll(':', '')}0800`;
  return connections.map(({client, virtual, server}) => {
    const ends = [client, virtual, server].map(parseEnd);
    const ports = ends.map(({port}) => port.toString(16).padStart(4, '0')).join('');
    const addresses = ends
      .map(({address}) => addressOf(address, 'a synced connection', names))
      .map(text => Buffer.from(parseFamily(text, text.includes(':') ? 'ipv6' : 'ipv4')))
      .map(bytes => bytes.toString('hex'))
      .join('');
    const number = protocol.toString(16).padStart(2, '0');
    const entry =
      version === 0 ? `${number}${ports}${addresses}` : `${number}.{16}${ports}.{16}${addresses}`;
    return {node: director, device: link.name, pattern: `${head}.*${entry}`};
  });
}
