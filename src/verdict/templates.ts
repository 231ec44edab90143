import {parseConnections} from '../ipvs/connections.ts';
import {groupOf} from '../ipvs/persistence.ts';
import type {ConnectionEntry, VirtualService} from '../ipvs/types.ts';
import {canonical} from '../topology/ip.ts';
import {formatEndpoint} from '../ipvs/text.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import {destinationOf} from './endpoint.ts';
import {listable} from './expiry.ts';
import {readPrinted} from './printed.ts';
import type {Check, Expectation} from './types.ts';

/**
 * Whether `ipvsadm -Lnc` shows a persistence template (client port 0) for each group of clients that had a connection, at
 * the real server of its last connection, and no other (ip_vs_core.c, ip_vs_sched_persist). One that was left as its
 * real server was quiescent stays, with port 65535 at the real server, until its time is over (ip_vs_conn.c,
 * ip_vs_check_template).
 */
export function checkTemplates(
  judged: Case,
  {service, expireQuiescent = false}: NonNullable<Expectation['schedule']>,
  node: string,
  proves: readonly string[],
): Check {
  const place = `${node}: ipvsadm -Lnc`;
  const draft = new CheckDraft(
    'templates',
    `ipvsadm -Lnc on ${node} shows a persistence template for each group of clients`,
    proves,
  );
  const found = listed(judged, node, place).map(({client, virtual, destination}): Template => ({
    name: nameOf(client, virtual, destination.port === leftPort),
    server: destination,
  }));
  const wanted: Template[] = [];
  for (const connection of listable(judged)) {
    const {flow} = connection;
    const {persistence} = service;
    const destination = destinationOf(judged, connection);
    if (persistence === undefined || destination === undefined) continue;
    const client = {address: groupOf(flow.tuple.source, persistence), port: 0};
    const virtual = virtualOf(service, flow.tuple);
    // Where it is for any port, it is for any port of the real server.
    const server = virtual.port === 0 ? {...destination, port: 0} : destination;
    const now = {name: nameOf(client, virtual, false), server};
    const at = wanted.findIndex(({name}) => name === now.name);
    const before = wanted[at];
    if (before !== undefined && isSame(before.server, server)) continue;
    if (before !== undefined) wanted.splice(at, 1);
    if (before !== undefined && expireQuiescent)
      wanted.push({
        name: nameOf(client, virtual, true),
        server: {...before.server, port: leftPort},
      });
    wanted.push(now);
  }
  draft.judge(wanted.length);
  for (const {name, server} of wanted)
    if (!found.some(one => one.name === name && isSame(one.server, server)))
      draft.fail({
        field: 'template',
        expected: `${name} at ${word(server)}`,
        actual: atOf(found.find(one => one.name === name)),
        place,
      });
  for (const {name, server} of found)
    if (!wanted.some(one => one.name === name))
      draft.fail({
        field: 'template',
        expected: 'none',
        actual: `${name} at ${word(server)}`,
        place,
      });
  return draft.done();
}

/** A template by its group of clients and what it is for, and its real server. */
interface Template {
  readonly name: string;
  readonly server: Endpoint;
}

const atOf = (template: Template | undefined): string =>
  template === undefined ? 'no template' : word(template.server);

/** The destination port of a template that was left. Kernels before 7 give it to the virtual address too. */
const leftPort = 65_535;

const nameOf = (client: Endpoint, virtual: Endpoint, left: boolean): string => {
  const group = word({address: client.address, port: 0});
  return left ? `${group} ${canonical(virtual.address)}, left,` : `${group} ${word(virtual)}`;
};

type Endpoint = ConnectionEntry['client'];

const isSame = (a: Endpoint, b: Endpoint): boolean => word(a) === word(b);

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
const listed = ({run}: Case, node: string, place: string): readonly ConnectionEntry[] =>
  (readPrinted(() => parseConnections(run.text(node, 'ipvsadm-Lnc'), place)) ?? []).filter(
    ({client}) => client.port === 0,
  );
