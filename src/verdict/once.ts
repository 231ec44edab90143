import {essenceOf, placeOf} from '../trace/essence.ts';
import {groupBy} from '../trace/group.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import {Notation} from './notation.ts';
import {isDouble} from './path-checks.ts';
import type {Check} from './types.ts';

/**
 * Whether no packet was there twice. What is sent again has an IP id of its own (RFC 6864, 4.3; net/ipv4/ip_output.c): two packets
 * of one connection that are equal, id included, are a duplicate. Where the id is 0, and in IPv6, nothing tells.
 */
export function checkOnce(judged: Case): Check {
  const draft = new CheckDraft('once', 'no packet twice');
  const notation = new Notation(judged.names);
  for (const {flow} of judged.connections) {
    const packets = flow.paths
      .filter(path => !isDouble(judged.altered, flow, path))
      .flatMap(({crossings: [first], origin}) =>
        first === undefined ? [] : [{first, origin, essence: essenceOf(first.any)}],
      );
    draft.judge(packets.length);
    const byIdentity = groupBy(
      packets.filter(({essence}) => essence?.ip.kind === 'ipv4' && essence.ip.id !== 0),
      ({origin, essence}) => `${origin} ${essence?.identity}`,
    );
    for (const [one, ...more] of byIdentity.values())
      for (const {first} of more)
        draft.fail({
          field: 'path',
          expected: `sent once (${one === undefined ? '' : placeOf(one.first.any)})`,
          actual: 'once more, with the same IP id',
          place: placeOf(first.any),
          actualPacket: notation.seen(first),
        });
  }
  return draft.done();
}
