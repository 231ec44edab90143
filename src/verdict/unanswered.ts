import type {Crossing} from '../trace/types.ts';
import type {Case} from './case.ts';
import type {Connection} from './connections.ts';

/** The crossing that brought a request to a real server which made no packet in answer. */
export interface Unanswered {
  readonly node: string;
  readonly crossing: Crossing;
}

export function unanswered(judged: Case): readonly Unanswered[] {
  const servers = new Set(judged.expectation.realServers.map(({node}) => node));
  const first = ({request, reply}: Connection): Unanswered[] => {
    const last = request
      .find(({crossings}) => servers.has(crossings.at(-1)?.to ?? ''))
      ?.crossings.at(-1);
    const node = last?.to;
    if (last === undefined || node === undefined || reply.some(({origin}) => origin === node))
      return [];
    return [{node, crossing: last}];
  };
  const all = judged.connections.flatMap(first);
  return all.filter(({node}, i) => all.findIndex(other => other.node === node) === i);
}
