import {nodeOfAddress} from '../topology/names.ts';
import {isReset} from '../wire/packet.ts';
import type {Case} from './case.ts';
import {frameLine, type Finding} from './finding.ts';
import {servingAt} from './serving.ts';

/** Connections that were given to a real server whose server was stopped, and refused by it. */
export function fromHealth(judged: Case): readonly Finding[] {
  const {record, topology} = judged.run;
  const word = frameLine(judged);
  const evidence = judged.connections.flatMap(({server, reply}) => {
    const refusal = reply.find(
      ({origin, crossings: [first]}) =>
        origin === server?.node && first !== undefined && isReset(first.any.packet),
    )?.crossings[0];
    if (server === undefined || refusal === undefined) return [];
    const at = refusal.any.frame.time;
    if (servingAt(record, server.node, at) !== 'down') return [];
    const removed = record.events.some(
      ({at: when, edit}) =>
        edit.kind === 'remove' &&
        BigInt(when) < at &&
        nodeOfAddress(topology, edit.server.address)?.node.name === server.node,
    );
    return removed
      ? []
      : [
          `${word(refusal)}, after the server of ${server.node} was stopped and before it was taken out`,
        ];
  });
  return [['dead-server-kept', evidence]];
}
