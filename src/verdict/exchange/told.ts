import type {Endpoint} from '../../ipvs/text.ts';
import type {RunFolder} from '../../run-folder/types.ts';
import type {Crossing, Tuple} from '../../trace/types.ts';
import type {SyncConnection} from '../../wire/message-types.ts';
import {transport} from '../../wire/packet.ts';
import {daemonsIn} from './daemon.ts';
import type {Followed} from './packets.ts';
import {arrivalAtAll} from './seen-by-all.ts';
import type {ExchangeExpectation} from './types.ts';

/** A connection that a packet of the script told the director of. */
export interface Told {
  readonly step: number;
  /** Nanoseconds: when the message had come. */
  readonly at: bigint;
  readonly tuple: Tuple;
  readonly server: Endpoint;
  /** For how many seconds the entry lives; undefined where that is for the director to say. */
  readonly seconds: number | undefined;
}

/**
 * The connections, in order of time, that the director's sync daemon may have taken from messages of the script: as a backup it takes
 * those of its own sync id, of any where its own is 0, whose size is as they say (net/netfilter/ipvs/ip_vs_sync.c,
 * ip_vs_process_message), and of them the connections that can be read. Whether it did its table shows.
 */
export function toldTo(
  run: RunFolder,
  {director, daemon}: Pick<ExchangeExpectation, 'director' | 'daemon'>,
  followed: readonly Followed[],
): readonly Told[] {
  const backup = daemonsIn(daemon === undefined ? '' : run.text(director, daemon.text)).find(
    ({state}) => state === 'backup',
  );
  if (backup === undefined) return [];
  return followed
    .flatMap(({step, toAll}) =>
      toAll.flatMap(crossing =>
        connectionsIn(crossing, backup.id).map(one => toldBy(crossing, step, one)),
      ),
    )
    .toSorted((a, b) => Number(a.at - b.at));
}

function connectionsIn({any: {packet}}: Crossing, id: number): readonly SyncConnection[] {
  const udp = transport(packet);
  const header = packet.headers.at(-1);
  if (header?.kind !== 'ipvs-sync' || udp?.kind !== 'udp' || udp.checksum === 'bad') return [];
  const isWhole = header.size === udp.datagramLength - udp.length;
  return isWhole && (id === 0 || header.syncId === id) ? header.connections : [];
}

function toldBy(crossing: Crossing, step: number, one: SyncConnection): Told {
  const timeout = 'timeout' in one && typeof one.timeout === 'number' ? one.timeout : 0;
  return {
    step,
    at: arrivalAtAll(crossing),
    tuple: {
      protocol: one.protocol,
      source: one.client,
      sourcePort: one.clientPort,
      destination: one.virtual,
      destinationPort: one.virtualPort,
    },
    server: {address: one.destination, port: one.destinationPort},
    seconds: timeout === 0 ? undefined : timeout,
  };
}
