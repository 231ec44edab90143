import {deviations, twosChances, type Draw} from '../ipvs/scheduler/twos.ts';
import type {World} from '../ipvs/scheduler/world.ts';
import type {Protocol} from '../ipvs/types.ts';
import type {CheckDraft} from './checks.ts';
import type {Connection} from './connections.ts';
import {Notation} from './notation.ts';

/** Standard deviations beyond which chance is not believed: a right scheduler is so far off once in more than a million runs. */
const believed = 5;

/**
 * The choices of twos, which draws two real servers by weight and takes the one with less load. As it may draw one twice, no
 * available one is impossible: what can be proven is that none without a weight was chosen, and how often each was.
 */
export class Draws {
  readonly #draws: Draw[] = [];
  /** The addresses of all servers that there ever were; draws have their chances in this order. */
  readonly #servers: string[] = [];

  /** Adds the choice of a new connection and binds it in the world. False when it went to no server of the service. */
  open(
    world: World,
    name: string,
    {protocol, server}: {readonly protocol: Protocol} & Pick<Connection, 'server'>,
  ): boolean {
    const {servers} = world;
    const found = twosChances(servers);
    for (const {address} of servers)
      if (!this.#servers.includes(address)) this.#servers.push(address);
    const chances = this.#servers.map(
      address => found[servers.findIndex(one => one.address === address)] ?? 0,
    );
    const id = servers.find(
      ({address, port}) => address === server?.address && port === server.port,
    );
    this.#draws.push({chances, chosen: this.#servers.indexOf(id?.address ?? '')});
    if (id === undefined) return false;
    world.bind(name, protocol, id);
    return true;
  }

  /** Fails each server that was chosen more or less often than its chances let believe. */
  compare(draft: CheckDraft, notation: Notation): void {
    for (const [i, deviation] of deviations(this.#draws).entries()) {
      if (Math.abs(deviation) <= believed) continue;
      const expected = this.#draws.reduce((sum, {chances}) => sum + (chances[i] ?? 0), 0);
      draft.fail({
        field: 'scheduler',
        expected: `${expected.toFixed(1)} of ${this.#draws.length} connections, within ${believed} standard deviations`,
        actual: `${this.#draws.filter(({chosen}) => chosen === i).length}, ${deviation.toFixed(1)} standard deviations off`,
        place: notation.named(this.#servers[i] ?? ''),
      });
    }
  }
}
