import {parseListing} from '../ipvs/listing.ts';
import type {ServiceKey} from '../ipvs/types.ts';
import type {RunFolder} from '../run-folder/types.ts';
import {canonical} from '../topology/ip.ts';
import {groupBy} from '../trace/group.ts';
import {traceRun} from '../trace/run.ts';
import type {Crossing, InterfaceCapture, Trace} from '../trace/types.ts';
import {findConnections, type Connection} from './connections.ts';
import {findData} from './ftp-data.ts';
import {isSync} from './failover/sync.ts';
import {addressOf} from './hops.ts';
import {namesOf} from './names.ts';
import {entries, readable, wordData, type Seen} from './normalise-entries.ts';
import {
  directions,
  namingOf,
  normalisePaths,
  streamLength,
  wordCrossing,
  wordFlow,
} from './normalise-paths.ts';
import {verdictSeen, type Observation} from './observation.ts';
import {findProbes, type Probe} from './probes.ts';
import type {Expectation, Judgement} from './types.ts';
import {traceOptions} from './trace-options.ts';

/**
 * How a run behaved, without what differs from run to run of one kernel: names for addresses and the client's ports, no times,
 * no initial sequence numbers, no counts of segments, retransmissions and pure ACKs. Paths with TTLs and encapsulation,
 * ICMP, the director's services, connection entries and `net.ipv4.vs` sysctls, the client's answers, failed checks.
 */
export function observe(
  run: RunFolder,
  captures: readonly InterfaceCapture[],
  expectation: Expectation,
  judgement: Judgement,
): readonly Observation[] {
  const trace = traceRun(run.topology, captures, traceOptions(expectation));
  const names = namesOf(run.topology, expectation);
  const virtual = addressOf(expectation.virtual.address, 'virtual service', names);
  const {connections: all, strays} = findConnections(trace, run.topology, expectation, virtual);
  const {health} = expectation;
  const probes = health === undefined ? [] : findProbes(run.topology, expectation, strays, health);
  const name = (address: string): string => names.name(address) ?? address;
  // How long held connections chat, what a dead director swallows and what is synced is a matter of time.
  const isTimed = expectation.failover !== undefined;
  const connections = isTimed ? all.map(arrived) : all;
  const {ftp} = expectation;
  const data = ftp === undefined ? [] : findData(all, strays, virtual, ftp);
  const known = new Set([...probes, ...data].map(({flow}) => flow));
  const seen: Seen = {run, name, connections, data};
  const ports = new Set([
    expectation.virtual.port,
    ...expectation.realServers.map(({port}) => port),
  ]);
  return [
    ...verdictSeen(judgement),
    ...(isTimed ? distinct(answers(run)) : answers(run)),
    ...connections
      .flatMap((connection, i) =>
        observeConnection(name, connection, {of: `connection ${i + 1}`, ports}),
      )
      // Announcements of FTP have the digits of their ports.
      .filter(({what}) => !(isTimed || ftp !== undefined) || !what.endsWith(' stream')),
    ...data.flatMap(one =>
      observeConnection(name, one, {of: wordData(connections, data, one), ports, named: one.ports}),
    ),
    ...healthChecks(probes),
    ...strays
      .filter(flow => !known.has(flow) && !(isTimed && isSync(flow)))
      .flatMap(flow =>
        [...normalisePaths(flow.paths, namingOf(flow, name, ports))].map(([kind, value]) => ({
          of: `flow ${wordFlow(flow, name)}`,
          what: kind,
          value,
        })),
      ),
    ...icmp(trace, name),
    ...run.topology.nodes
      .filter(({role}) => role === 'director')
      .flatMap(node => [
        ...services(seen, node.name),
        ...entries(seen, node.name),
        ...sysctls(run, node.name),
      ]),
  ];
}

/** A connection by what of it came to its end. */
const arrived = (connection: Connection): Connection => ({
  ...connection,
  request: connection.request.filter(one => one.crossings.at(-1)?.to === connection.server?.node),
  reply: connection.reply.filter(one => one.crossings.at(-1)?.to === connection.flow.origin),
});

/** Each answer once, whoever got it. */
const distinct = (all: readonly Observation[]): Observation[] =>
  [...new Set(all.map(({value}) => value))].map(value => ({
    of: 'requests',
    what: `answer ${value}`,
    value: 'seen',
  }));

const answers = ({record}: RunFolder): Observation[] =>
  record.requests.map(({status, exitCode, answeredBy}, i) => ({
    of: `request ${i + 1}`,
    what: 'answer',
    value:
      status === 0
        ? `none (curl exit code ${exitCode})`
        : `status ${status} from ${answeredBy || 'nobody'}`,
  }));

/** What a connection showed: its real server, the ways of its packets and the lengths of its streams. */
export function observeConnection(
  name: (address: string) => string,
  connection: Connection,
  {
    of,
    ports,
    named,
  }: {
    readonly of: string;
    readonly ports: ReadonlySet<number>;
    readonly named?: ReadonlyMap<string, number>;
  },
): Observation[] {
  const naming = namingOf(connection.flow, name, ports, named);
  return [
    {of, what: 'real server', value: connection.server?.node ?? 'none'},
    ...directions(connection).flatMap(([direction, paths]) => {
      const length = streamLength(paths);
      return [
        ...[...normalisePaths(paths, naming)].map(([kind, value]) => ({
          of,
          what: `${direction} ${kind}`,
          value,
        })),
        ...(length === undefined ? [] : [{of, what: `${direction} stream`, value: length}]),
      ];
    }),
  ];
}

/** How many there are is a matter of time. */
const healthChecks = (probes: readonly Probe[]): Observation[] =>
  [...groupBy(probes, ({node}) => node)].map(([node, list]) => ({
    of: node,
    what: 'health checks',
    value: [...new Set(list.map(({answer}) => answer ?? 'not answered'))].toSorted().join(', '),
  }));

/** Errors and redirects; neighbour discovery and the like come when they come. */
function icmp({flows, other}: Trace, name: (address: string) => string): Observation[] {
  const naming = {address: name, port: String};
  const told = ({any}: Crossing): boolean =>
    any.packet.headers.some(
      header =>
        header.kind === 'icmp' ||
        (header.kind === 'icmpv6' && (header.type < 128 || header.type === 137)),
    );
  const errors = flows.flatMap(flow => flow.errors.flatMap(path => path.crossings));
  const lines = [...errors, ...other].filter(told).map(crossing => wordCrossing(crossing, naming));
  return [...new Set(lines)].map(what => ({of: 'ICMP', what, value: 'seen'}));
}

function services({run, name}: Seen, node: string): Observation[] {
  return readable(node, 'ipvsadm -Ln', () =>
    parseListing(run.text(node, 'ipvsadm-Ln')).flatMap(
      ({key, scheduler, flags, persistence, onePacket, realServers}) => {
        const service = wordKey(key, name);
        const extras = [
          ...(flags.length === 0 ? [] : [`(${flags.join(',')})`]),
          ...(persistence === undefined ? [] : [`persistent ${persistence.timeout}`]),
          ...(onePacket ? ['ops'] : []),
        ];
        return [
          {of: node, what: `service ${service}`, value: [scheduler, ...extras].join(' ')},
          ...realServers.map(({address, port, listedForward, weight}) => ({
            of: node,
            what: `service ${service} > ${name(canonical(address))}:${port}`,
            value: `${listedForward} weight ${weight}`,
          })),
        ];
      },
    ),
  );
}

const wordKey = (key: ServiceKey, name: (address: string) => string): string =>
  key.kind === 'fwmark'
    ? `FWM ${key.mark}`
    : `${key.protocol.toUpperCase()} ${name(canonical(key.address))}:${key.port}`;

/** Values that the kernel computes from the machine's memory or processors: only that they are there is told. */
const fromMachine = new Set(['sync_qlen_max', 'est_cpulist']);

const sysctls = (run: RunFolder, node: string): Observation[] =>
  run
    .text(node, 'sysctl')
    .split('\n')
    .flatMap(line => {
      const [, name, value = ''] = /^net\.ipv4\.vs\.(\S+) =(.*)$/.exec(line) ?? [];
      return name === undefined
        ? []
        : [
            {
              of: node,
              what: `net.ipv4.vs.${name}`,
              value: fromMachine.has(name) ? 'there' : value.trim().replaceAll(/\s+/g, ' '),
            },
          ];
    });
