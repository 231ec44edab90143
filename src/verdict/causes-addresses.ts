import {allPaths} from '../trace/essence.ts';
import type {Crossing, Path} from '../trace/types.ts';
import {innermostIp} from '../wire/packet.ts';
import type {Case} from './case.ts';
import {frameLine, type Finding} from './finding.ts';
import {claimsOf} from './neighbours.ts';

/** What is wrong with addresses: who claims the VIP, whom the client hears from, whom the real server sees. */
export function fromAddresses(judged: Case): readonly Finding[] {
  return [
    ['real-server-answers-arp', answersArp(judged)],
    ['reply-bypasses-director', bypasses(judged)],
    ['no-source-nat', keptSource(judged)],
  ];
}

const rolesOf = ({run}: Case): ReadonlyMap<string | undefined, string> =>
  new Map(run.topology.nodes.map(({name, role}) => [name, role]));

function answersArp(judged: Case): readonly string[] {
  const roles = rolesOf(judged);
  const answers = claimsOf(judged.trace, judged.virtual).filter(
    ({from}) => roles.get(from) === 'realServer',
  );
  if (answers.length === 0) return [];
  // Whoever believed it sends to the real server without the director.
  const believed = judged.connections
    .flatMap(({request}) => request.flatMap(({crossings}) => crossings))
    .filter(
      ({from, to, any}) =>
        roles.get(to) === 'realServer' &&
        roles.get(from) !== 'director' &&
        innermostIp(any.packet)?.destination === judged.virtual,
    );
  const word = frameLine(judged);
  return [...answers.slice(0, 2).map(word), ...believed.slice(0, 2).map(word)];
}

/** Replies that a real server made from its own address and that no director saw. */
function bypasses(judged: Case): readonly string[] {
  const roles = rolesOf(judged);
  const bypassing = ({origin, crossings}: Path): readonly Crossing[] => {
    const last = crossings.at(-1);
    const source = last === undefined ? undefined : innermostIp(last.any.packet)?.source;
    const passed = crossings.some(({to}) => roles.get(to) === 'director');
    return last !== undefined &&
      roles.get(origin) === 'realServer' &&
      !passed &&
      source !== judged.virtual &&
      roles.get(last.to) === 'client'
      ? [last]
      : [];
  };
  return judged.trace.flows
    .flatMap(flow => allPaths(flow).flatMap(bypassing))
    .map(frameLine(judged));
}

/** The real server sees the client's address where the lab expects another one. */
function keptSource(judged: Case): readonly string[] {
  const client = judged.request[0]?.ip.at(-1)?.source;
  const served = judged.request.at(-1)?.ip.at(-1)?.source;
  if (client === undefined || served === undefined || client === served) return [];
  const address = judged.names.address(client);
  const roles = rolesOf(judged);
  const seen = judged.connections
    .flatMap(({request}) => request.flatMap(({crossings}) => crossings))
    .filter(
      ({to, any}) =>
        (roles.get(to) === 'realServer' ||
          judged.connections.some(
            ({server}) => innermostIp(any.packet)?.destination === server?.address,
          )) &&
        innermostIp(any.packet)?.source === address,
    );
  return seen.map(frameLine(judged));
}
