import {nodeByName, nodeOfAddress, sharedNetworks} from '../topology/names.ts';
import {placeOf} from '../trace/essence.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import {addressOf} from './hops.ts';
import {measure} from './measure.ts';
import {claimsOf} from './neighbours.ts';
import {Notation} from './notation.ts';
import {defaultGateways, parseRoutes, routesTo} from './routes.ts';
import type {Check} from './types.ts';
import type {FactExpectation} from './fact-types.ts';

/** One check for each fact that no single frame can show. */
export function checkFacts(judged: Case): readonly Check[] {
  return judged.expectation.facts.map((fact, i) => checkFact(judged, fact, `fact.${i + 1}`));
}

function checkFact(judged: Case, fact: FactExpectation, id: string): Check {
  const draft = new CheckDraft(id, titleOf(fact), fact.proves);
  switch (fact.kind) {
    case 'only-in-network':
      checkNetwork(judged, fact, draft);
      break;
    case 'shared-network':
    case 'no-shared-network':
      checkShared(judged, fact, draft);
      break;
    case 'gateway':
      checkGateway(judged, fact, draft);
      break;
    case 'no-route':
      checkNoRoute(judged, fact, draft);
      break;
    case 'logged-peer':
      checkLog(judged, fact, draft);
      break;
    case 'arp-answered-only-by':
      checkArp(judged, fact, draft);
      break;
    case 'bytes':
      checkBytes(judged, fact, draft);
      break;
  }
  return draft.done();
}

type Fact<K extends FactExpectation['kind']> = Extract<FactExpectation, {readonly kind: K}>;

function titleOf(fact: FactExpectation): string {
  switch (fact.kind) {
    case 'only-in-network':
      return `only ${fact.nodes.join(', ')} in network ${fact.network}`;
    case 'shared-network':
      return `${fact.nodes.join(' and ')} share a network`;
    case 'no-shared-network':
      return `${fact.nodes.join(' and ')} share no network`;
    case 'gateway':
      return `the default gateway of ${fact.node} is ${fact.via}`;
    case 'no-route':
      return `${fact.node} has no route to ${fact.to}`;
    case 'logged-peer':
      return `the access log of ${fact.node} shows ${fact.is}, not ${fact.not}`;
    case 'arp-answered-only-by':
      return `only ${fact.node} answers who-has ${fact.address}`;
    case 'bytes':
      return `${fact.passes ? 'bytes' : 'no byte'} of ${fact.direction} packets pass ${fact.node}`;
  }
}

function checkNetwork(
  {run}: Case,
  {network, nodes}: Fact<'only-in-network'>,
  draft: CheckDraft,
): void {
  const members = run.topology.nodes.filter(({interfaces}) =>
    interfaces.some(link => link.network === network),
  );
  draft.judge(members.length);
  for (const {name} of members)
    if (!nodes.includes(name))
      draft.fail({
        field: 'network',
        expected: `only ${nodes.join(', ')}`,
        actual: name,
        place: network,
      });
}

function checkShared(
  {run}: Case,
  {kind, nodes: [a, b]}: Fact<'shared-network' | 'no-shared-network'>,
  draft: CheckDraft,
): void {
  const shared = sharedNetworks(nodeByName(run.topology, a), nodeByName(run.topology, b));
  draft.judge();
  if (shared.length > 0 !== (kind === 'shared-network'))
    draft.fail({
      field: 'network',
      expected: kind === 'shared-network' ? 'a network that both are on' : 'none',
      actual: shared.join(', ') || 'none',
      place: `${a} and ${b}`,
    });
}

function checkGateway(judged: Case, {node, via}: Fact<'gateway'>, draft: CheckDraft): void {
  const text = judged.run.text(node, 'ip-route');
  const notation = new Notation(judged.names);
  draft.judge(parseRoutes(text).length);
  const gateways = defaultGateways(text, judged.expectation.family);
  const wrong = gateways.filter(
    gateway => nodeOfAddress(judged.run.topology, gateway)?.node.name !== via,
  );
  if (gateways.length === 0 || wrong.length > 0)
    draft.fail({
      field: 'gateway',
      expected: via,
      actual: wrong.map(notation.named).join(', ') || 'no default gateway',
      place: `${node}: ip route`,
    });
}

function checkNoRoute(judged: Case, {node, to}: Fact<'no-route'>, draft: CheckDraft): void {
  const text = judged.run.text(node, 'ip-route');
  draft.judge(parseRoutes(text).length);
  for (const route of routesTo(text, addressOf(to, draft.title, judged.names)))
    draft.fail({
      field: 'route',
      expected: `no route to ${to}`,
      actual: route.line,
      place: `${node}: ip route`,
    });
}

/** Lines begin with `peer:port`, an IPv6 peer in brackets. */
function checkLog(judged: Case, {node, is, not}: Fact<'logged-peer'>, draft: CheckDraft): void {
  const peers = judged.run
    .text(node, 'access-log')
    .split('\n')
    .flatMap(line => /^\[?([^\s\]]+?)\]?:\d+\s/.exec(line)?.[1] ?? []);
  const [wanted, unwanted] = [is, not].map(name => addressOf(name, draft.title, judged.names));
  const notation = new Notation(judged.names);
  const place = `${node}: access log`;
  draft.judge(peers.length);
  if (peers.length > 0 && !peers.some(peer => peer === wanted))
    draft.fail({
      field: 'peer',
      expected: is,
      actual: [...new Set(peers)].map(notation.named).join(', '),
      place,
    });
  if (peers.some(peer => peer === unwanted))
    draft.fail({
      field: 'peer',
      expected: `never ${not}`,
      actual: notation.named(unwanted ?? ''),
      place,
    });
}

function checkArp(
  judged: Case,
  {node, address}: Fact<'arp-answered-only-by'>,
  draft: CheckDraft,
): void {
  const claims = claimsOf(judged.trace, addressOf(address, draft.title, judged.names));
  const notation = new Notation(judged.names);
  draft.judge(claims.length);
  for (const claim of claims)
    if (claim.from !== node)
      draft.fail({
        field: 'arp',
        expected: `only ${node} says that it has ${address}`,
        actual: `${claim.from ?? 'a foreign MAC'} says so`,
        place: placeOf(claim.any),
        actualPacket: notation.packet(claim.any.packet),
      });
}

function checkBytes(
  judged: Case,
  {node, direction, passes}: Fact<'bytes'>,
  draft: CheckDraft,
): void {
  draft.judge(judged.connections.length);
  const bytes = measure(judged.trace).nodes[node];
  const [into, out] =
    direction === 'request'
      ? [bytes?.requestIn ?? 0, bytes?.requestOut ?? 0]
      : [bytes?.replyIn ?? 0, bytes?.replyOut ?? 0];
  if (passes ? into === 0 || out === 0 : into + out > 0)
    draft.fail({
      field: 'bytes',
      expected: passes ? 'some in and out' : '0',
      actual: `${into} in, ${out} out`,
      place: node,
    });
}
