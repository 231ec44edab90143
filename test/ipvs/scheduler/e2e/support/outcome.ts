import {parseConnections} from '../../../../../src/ipvs/connections.ts';
import {parseListing} from '../../../../../src/ipvs/listing.ts';
import {formatEndpoint} from '../../../../../src/ipvs/text.ts';
import type {KernelFacts} from '../../../../../src/ipvs/scheduler/kernel.ts';
import {World} from '../../../../../src/ipvs/scheduler/world.ts';
import {arrivalOf} from './arrivals.ts';
import type {Case} from './cases.ts';
import {divider} from './script.ts';

/** The servers of connections by client, and the servers' counts, active and inactive. */
export interface Outcome {
  readonly choices: ReadonlyMap<string, string>;
  readonly counts: ReadonlyMap<string, string>;
}

/** Runs a case through the model; a refused connection has no choice. */
export function modelled(one: Case, kernel?: KernelFacts): Outcome {
  const world = new World(one.service, kernel);
  const choices = new Map<string, string>();
  let index = 0;
  for (const {changes, open} of one.phases) {
    for (const {kind, server} of changes) world[kind](server);
    for (let i = 0; i < open; i++, index++) {
      const arrival = arrivalOf(one, index);
      const name = formatEndpoint({address: arrival.source, port: arrival.sourcePort});
      const server = world.open(name, arrival);
      if (server !== undefined) choices.set(name, server.address);
    }
  }
  return {choices: sorted(choices), counts: countsOf(world.servers)};
}

/** What the kernel did, from the output of a case's script. */
export function seen({service: {key}}: Case, output: string): Outcome & {readonly seconds: number} {
  const [, took = '', listing = '', connections = ''] =
    new RegExp(`^(\\d+)\n([^]*)${divider}\n([^]*)$`).exec(output) ?? [];
  const service = parseListing(listing).find(
    other => JSON.stringify(other.key) === JSON.stringify(key),
  );
  return {
    seconds: Number(took),
    choices: sorted(
      parseConnections(connections).map(({client, destination}) => [
        formatEndpoint(client),
        destination.address,
      ]),
    ),
    counts: countsOf(service?.realServers ?? []),
  };
}

const countsOf = (
  servers: readonly {
    readonly address: string;
    readonly active?: number | undefined;
    readonly inactive?: number | undefined;
  }[],
): ReadonlyMap<string, string> =>
  sorted(servers.map(({address, active, inactive}) => [address, `${active} ${inactive}`] as const));

/** A map in the order of its keys: ava compares the order too. */
const sorted = (entries: Iterable<readonly [string, string]>): ReadonlyMap<string, string> =>
  new Map([...new Map(entries)].toSorted(([a], [b]) => (a < b ? -1 : 1)));
