import type {RunRecord} from '../run-folder/types.ts';
import {placeOf} from '../trace/essence.ts';
import type {Flow, Path} from '../trace/types.ts';
import {ipHeaders, transport} from '../wire/packet.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import {directionOf} from './connections.ts';
import {checkChanges} from './health-changes.ts';
import {Notation} from './notation.ts';
import type {Probe} from './probes.ts';
import {servingAt} from './serving.ts';
import type {Check, Health} from './types.ts';

/** Checks on keepalived: the way of its health checks, what they were answered, and what it made of that. */
export function checkHealth(judged: Case): readonly Check[] {
  const {health} = judged.expectation;
  if (health === undefined) return [];
  return [checkWays(judged, health), checkAnswers(judged, health), checkChanges(judged, health)];
}

/** Each packet goes from the director to the real server or back, over the network that they share, as it was made. */
function checkWays(judged: Case, {node: director, proves}: Health): Check {
  const draft = new CheckDraft(
    'health.paths',
    `each health check goes ${director} > rs as DIP > RIP and straight back`,
    proves,
  );
  const notation = new Notation(judged.names);
  for (const {flow, node} of judged.probes)
    for (const path of flow.paths) {
      draft.judge();
      const wrong = wrongWay(flow, path, director, node);
      const crossing = path.crossings[0];
      if (wrong !== undefined && crossing !== undefined)
        draft.fail({
          field: 'path',
          ...wrong,
          place: placeOf(crossing.any),
          actualPacket: notation.seen(crossing),
        });
    }
  return draft.done();
}

function wrongWay(
  flow: Flow,
  path: Path,
  director: string,
  server: string,
): {readonly expected: string; readonly actual: string} | undefined {
  const asks = directionOf(flow, path) === 'request';
  const [from, to] = asks ? [director, server] : [server, director];
  const links = path.crossings.map(one => `${one.from ?? '?'} > ${one.to ?? '?'}`).join(', ');
  if (links !== `${from} > ${to}`) return {expected: `${from} > ${to}`, actual: links};
  const others = path.crossings.flatMap(one => one.others);
  if (others[0] !== undefined)
    return {
      expected: 'seen by its sender and its receiver only',
      actual: `seen at ${placeOf(others[0])} too`,
    };
  const packet = path.crossings[0]?.any.packet;
  const header = packet === undefined ? undefined : transport(packet);
  const {source, sourcePort, destination, destinationPort} = flow.tuple;
  const ends = [`${source}:${sourcePort}`, `${destination}:${destinationPort}`];
  const expected = (asks ? ends : ends.toReversed()).join(' > ');
  const pairs = packet === undefined ? [] : ipHeaders(packet);
  const actual = pairs
    .map(
      ip =>
        `${ip.source}:${header?.sourcePort ?? '?'} > ${ip.destination}:${header?.destinationPort ?? '?'}`,
    )
    .join(' in ');
  if (actual !== expected) return {expected, actual};
  return packet?.headers.some(one => 'checksum' in one && one.checksum === 'bad') === true
    ? {expected: 'good checksums', actual: 'a bad one'}
    : undefined;
}

/** A server that runs accepts each check and one that was stopped refuses it; each is asked, in each state. */
function checkAnswers(judged: Case, {proves}: Health): Check {
  const draft = new CheckDraft(
    'health.answers',
    'a real server that serves accepts health checks, a stopped one refuses them',
    proves,
  );
  const {record} = judged.run;
  const seen = new Set<string>();
  for (const {node, at, answeredAt, answer, flow} of judged.probes) {
    const [state, then] = [at, answeredAt].map(when => servingAt(record, node, when));
    draft.judge();
    const known = state === then && state !== 'changing' ? state : undefined;
    if (known !== undefined) seen.add(phase(node, turnsOf(record, node, at), known));
    else for (const turned of turnedBy(record, {node, at, answeredAt, answer})) seen.add(turned);
    const expected =
      known === undefined ? answer : known === 'up' ? ('accepted' as const) : ('refused' as const);
    const first = flow.paths[0]?.crossings[0];
    if (answer === undefined || answer !== expected)
      draft.fail({
        field: 'health',
        expected: expected ?? 'accepted or refused',
        actual: answer ?? 'not answered',
        place: first === undefined ? node : placeOf(first.any),
      });
  }
  const wanted = judged.expectation.realServers.flatMap(({node}) => [
    phase(node, 0, 'up'),
    ...(record.serving ?? [])
      .filter(one => one.node === node)
      .map(({up}, i) => phase(node, i + 1, up ? 'up' : 'down')),
  ]);
  for (const state of wanted)
    if (!seen.has(state))
      draft.fail({field: 'health', expected: `a check of ${state}`, actual: 'none'});
  return draft.done();
}

/** `rs1 when down, after 1 turns`. */
const phase = (node: string, turns: number, state: string): string =>
  `${node} when ${state}, after ${turns} turns`;

/**
 * While a server is started or stopped the answer itself tells that it has turned: only a running one accepts, and what refuses
 * runs no more. On a slow machine the check that puts a real server back may come just then, and be the last.
 */
function turnedBy(
  {serving = []}: RunRecord,
  {node, at, answeredAt, answer}: Pick<Probe, 'node' | 'at' | 'answeredAt' | 'answer'>,
): readonly string[] {
  return serving
    .filter(one => one.node === node)
    .flatMap(({up, from, to}, i) => {
      const meets = at <= BigInt(to) && answeredAt >= BigInt(from);
      return meets && answer === (up ? 'accepted' : 'refused')
        ? [phase(node, i + 1, up ? 'up' : 'down')]
        : [];
    });
}

/** How often the server had been stopped or started. */
const turnsOf = ({serving = []}: RunRecord, node: string, at: bigint): number =>
  serving.filter(one => one.node === node && BigInt(one.to) < at).length;
