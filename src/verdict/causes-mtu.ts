import type {Case} from './case.ts';
import {frameLine, type Finding} from './finding.ts';
import {nodesOfRole} from '../topology/names.ts';
import {encapsulations} from '../wire/packet.ts';
import {messageIn} from './quotes.ts';

/** What a director does with packets larger than the path MTU, where the lab expects the other (ip_vs_xmit.c, pmtu_disc). */
export function fromMtu(judged: Case): readonly Finding[] {
  const {topology} = judged.run;
  const [director] = nodesOfRole(topology, 'director').map(({name}) => name);
  if (director === undefined) return [];
  const shown = judged.run
    .text(director, 'sysctl')
    .split('\n')
    .filter(line => line.startsWith('net.ipv4.vs.pmtu_disc '))
    .map(line => `${director}: ${line}`);
  const expectsErrors = judged.errorRules.some(
    ({expected: {mtu}, hops: [first]}) => mtu !== undefined && first?.link.source === director,
  );
  const expectsFragments = judged.request.some(
    ({mtu, link}) => mtu !== undefined && link.source === director,
  );
  const fragmented = judged.connections
    .flatMap(({request}) => request.flatMap(({crossings}) => crossings))
    .filter(
      ({from, any, fragments}) =>
        fragments.length > 0 && (from === director || encapsulations(any.packet).length > 0),
    );
  const told = judged.trace.flows
    .flatMap(({errors}) => errors.flatMap(({crossings}) => crossings.slice(0, 1)))
    .filter(({from, any}) => {
      const message = messageIn(any.packet);
      return from === director && message !== undefined && isTooBig(message);
    });
  const evidence = (found: typeof told): readonly string[] =>
    found.length === 0 ? [] : [...found.slice(0, 2).map(frameLine(judged)), ...shown];
  const dropped = judged.errors
    .filter(
      ({rule, path}) =>
        rule !== undefined &&
        path.crossings.length < rule.hops.length &&
        path.crossings.at(-1)?.to === director,
    )
    .flatMap(({path}) => path.crossings.slice(-1));
  return [
    ['error-dropped', dropped.slice(0, 2).map(frameLine(judged))],
    ['path-mtu-ignored', expectsErrors && told.length === 0 ? evidence(fragmented) : []],
    ['path-mtu-told', expectsFragments && fragmented.length === 0 ? evidence(told) : []],
  ];
}

/** Fragmentation needed (RFC 1191), packet too big (RFC 4443 3.2). */
const isTooBig = ({kind, type, code}: NonNullable<ReturnType<typeof messageIn>>): boolean =>
  kind === 'icmp' ? type === 3 && code === 4 : type === 2;
