import {parseConnections} from '../ipvs/connections.ts';
import {groupOf} from '../ipvs/persistence.ts';
import type {ConnectionEntry, VirtualService} from '../ipvs/types.ts';
import {InputError} from '../problem.ts';
import {canonical} from '../topology/ip.ts';
import {formatEndpoint} from '../ipvs/text.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import type {Check} from './types.ts';

/**
 * Whether `ipvsadm -Lnc` shows a persistence template (client port 0) for each group of clients that had a connection, at
 * the real server of its connections, and no other (ip_vs_core.c, ip_vs_sched_persist).
 */
export function checkTemplates(
  judged: Case,
  service: VirtualService,
  node: string,
  proves: readonly string[],
): Check {
  const place = `${node}: ipvsadm -Lnc`;
  const draft = new CheckDraft(
    'templates',
    `ipvsadm -Lnc on ${node} shows a persistence template for each group of clients`,
    proves,
  );
  const found = new Map(
    listed(judged, node, place).map(({client, virtual, destination}) => [
      `${word({address: client.address, port: 0})} ${word(virtual)}`,
      canonical(destination.address),
    ]),
  );
  const wanted = new Map<string, string>();
  for (const {flow, server} of judged.connections) {
    const {persistence} = service;
    if (persistence === undefined || server === undefined) continue;
    const group = {address: groupOf(flow.tuple.source, persistence), port: 0};
    wanted.set(`${word(group)} ${word(virtualOf(service, flow.tuple))}`, server.address);
  }
  draft.judge(wanted.size);
  for (const [template, server] of wanted)
    if (found.get(template) !== canonical(server))
      draft.fail({
        field: 'template',
        expected: `${template} at ${server}`,
        actual: found.get(template) ?? 'no template',
        place,
      });
  for (const [template, server] of found)
    if (!wanted.has(template))
      draft.fail({field: 'template', expected: 'none', actual: `${template} at ${server}`, place});
  return draft.done();
}

type Endpoint = ConnectionEntry['client'];

const word = ({address, port}: Endpoint): string =>
  formatEndpoint({address: canonical(address), port});

/** A template of a firewall mark has the mark in the place of the address, and port 0. */
function virtualOf(
  {key}: VirtualService,
  tuple: {readonly destination: string; readonly destinationPort: number},
): Endpoint {
  if (key.kind === 'address') return {address: tuple.destination, port: tuple.destinationPort};
  const octets = [24, 16, 8, 0].map(shift => (key.mark >>> shift) & 255);
  return {address: key.family === 'v4' ? octets.join('.') : `::${key.mark.toString(16)}`, port: 0};
}

/** The templates of the listing; what is no listing has none. */
function listed({run}: Case, node: string, place: string): readonly ConnectionEntry[] {
  try {
    return parseConnections(run.text(node, 'ipvsadm-Lnc'), place).filter(
      ({client}) => client.port === 0,
    );
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}
