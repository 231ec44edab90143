import type {RequestRecord} from '../run-folder/types.ts';
import {groupBy} from '../trace/group.ts';
import type {Case} from './case.ts';
import type {Connection} from './connections.ts';

/** A request as its client tells of it, and the connection that its packets made; undefined when there is none. */
export interface Asked {
  readonly request: RequestRecord;
  readonly connection: Connection | undefined;
}

/**
 * Requests with their connections, by the address and port that they were sent from. A port can be used again: its
 * requests and its connections come in the same order.
 */
export function connectionsAsked({connections, run, expectation}: Case): readonly Asked[] {
  const bySource = groupBy(connections, ({flow: {tuple}}) => word(tuple.source, tuple.sourcePort));
  // One that is held may be asked again after others.
  const current = new Map<string, Connection | undefined>();
  return run.record.requests.map(request => {
    const source = word(request.localAddress, request.localPort);
    // The further ones go on the same connection; with one-packet scheduling each message is a connection.
    if (request.message === 1 || expectation.onePacket === true)
      current.set(source, bySource.get(source)?.shift());
    return {request, connection: current.get(source)};
  });
}

const word = (address: string, port: number): string => `${address} ${port}`;

/** curl(1), EXIT CODES; the connections' client uses the same. */
const timedOut = 28;

/** Whether the client ended its request by its own clock, in the middle of an answer. */
export const ranOut = ({exitCode, status}: RequestRecord): boolean =>
  exitCode === timedOut && status === 200;

/**
 * Connections that their client ended so. What comes of it at their end (an RST, no FIN) tells of a slow machine as well as of
 * a fault, so it is a doubt; packets that take a wrong way fail all the same.
 */
export const givenUp = (judged: Case): readonly Connection[] =>
  connectionsAsked(judged).flatMap(({request, connection}) =>
    ranOut(request) ? (connection ?? []) : [],
  );

/** Each of them in words: reasons against a PASS. */
export const doubtsOfGivenUp = (judged: Case): readonly string[] =>
  givenUp(judged).map(
    one =>
      `connection ${judged.connections.indexOf(one) + 1}: its client's time ran out in the middle of the answer`,
  );
