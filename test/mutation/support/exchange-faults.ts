import {addressByName, addressNames} from '../../../src/topology/names.ts';
import type {
  CausedExpectation,
  ExchangeExpectation,
  ExchangeHop,
  SentExpectation,
  StepExpectation,
} from '../../../src/verdict/exchange/types.ts';
import {parsePair} from '../../../src/verdict/hops.ts';
import type {Fault} from './fault.ts';
import type {Subject} from './subject.ts';

type ExchangeSubject = Subject<ExchangeExpectation>;
type Packets = Extract<StepExpectation, {readonly kind: 'packets'}>;

/** The run of an exchange that passed, judged by an expectation that says one thing otherwise. */
export const exchangeFaults = (subject: ExchangeSubject): readonly Fault[] =>
  subject.expectation.steps.flatMap((step, i) => {
    const instead = (kind: string, place: string, become: readonly StepExpectation[]): Fault => ({
      kind: `expected ${kind}`,
      scope: 'in the exchange',
      place: `step ${step.step}, ${place}`,
      // What is expected once more than it was sent looks like one that was lost.
      loss: kind === 'packet: twice',
      plant: () => ({
        ...subject,
        expectation: {
          ...subject.expectation,
          steps: subject.expectation.steps.toSpliced(i, 1, ...become),
        },
      }),
    });
    if (step.kind === 'packets') return packetFaults(subject, step, instead);
    if (step.kind === 'entries') {
      const [first] = step.entries;
      const {entries} = step;
      return first === undefined
        ? [instead('entry: added', 'entries', [{...step, entries: [anEntry]}])]
        : [
            instead('entry: removed', 'entries', [{...step, entries: entries.slice(1)}]),
            instead('entry: twice', 'entries', [{...step, entries: [first, ...entries]}]),
            instead('entry: state', 'entries', [
              {
                ...step,
                entries: [
                  {...first, state: first.state === 'NONE' ? 'LISTEN' : 'NONE'},
                  ...entries.slice(1),
                ],
              },
            ]),
            instead('entry: server', 'entries', [
              {...step, entries: [{...first, server: 'CIP:1'}, ...entries.slice(1)]},
            ]),
            instead('entry: client', 'entries', [
              {...step, entries: [{...first, client: 'CIP:1'}, ...entries.slice(1)]},
            ]),
          ];
    }
    if (step.kind === 'shows')
      return [
        instead('line', step.what, [{...step, lines: [...step.lines, 'no such line at all']}]),
      ];
    if (step.kind === 'synced') {
      const {connections, version, ports} = step;
      const [first] = connections;
      return first === undefined
        ? []
        : [
            instead('synced: removed', 'sync', [{...step, connections: connections.slice(1)}]),
            instead('synced: twice', 'sync', [{...step, connections: [first, ...connections]}]),
            instead('synced: server', 'sync', [
              {...step, connections: [{...first, server: 'CIP:1'}, ...connections.slice(1)]},
            ]),
            instead('synced: version', 'sync', [{...step, version: version === 1 ? 0 : 1}]),
            instead('synced: sync id', 'sync', [{...step, syncId: step.syncId + 1}]),
            instead('synced: port', 'sync', [{...step, ports: ports.map(port => port + 1)}]),
            instead('synced: not at all', 'sync', []),
          ];
    }
    return Object.entries(step.rose).map(([name, by]) =>
      instead('counter', name, [{...step, rose: {...step.rose, [name]: by + 1}}]),
    );
  });

const anEntry = {client: 'CIP:1', virtual: 'VIP:1', server: 'RIP1:1', state: 'NONE'};

type Instead = (kind: string, place: string, become: readonly StepExpectation[]) => Fault;

function packetFaults(subject: ExchangeSubject, step: Packets, instead: Instead): readonly Fault[] {
  return step.packets.flatMap((packet, i) => {
    const place = `packet ${i + 1}`;
    const become = (changed: SentExpectation): readonly StepExpectation[] => [
      {...step, packets: step.packets.with(i, changed)},
    ];
    const frame = Buffer.from(packet.frame, 'hex');
    frame[frame.length - 1] = (frame.at(-1) ?? 0) ^ 1;
    return [
      instead('packet: removed', place, [{...step, packets: step.packets.toSpliced(i, 1)}]),
      instead('packet: twice', place, [{...step, packets: step.packets.toSpliced(i, 0, packet)}]),
      instead('packet: last byte', place, become({...packet, frame: frame.toString('hex')})),
      ...hopFaults(subject, packet.hops).map(({kind, hops}) =>
        instead(kind, place, become({...packet, hops})),
      ),
      ...packet.causes.flatMap((caused, n) => {
        const where = `${place}, cause ${n + 1}`;
        const other = (changed: CausedExpectation): readonly StepExpectation[] =>
          become({...packet, causes: packet.causes.with(n, changed)});
        return [
          instead(
            'cause: removed',
            where,
            become({...packet, causes: packet.causes.toSpliced(n, 1)}),
          ),
          instead(
            'cause: twice',
            where,
            become({...packet, causes: packet.causes.toSpliced(n, 0, caused)}),
          ),
          ...hopFaults(subject, caused.hops).map(({kind, hops}) =>
            instead(`cause ${kind}`, where, other({...caused, hops})),
          ),
          ...shapeFaults(caused).map(changed => instead('cause: shape', where, other(changed))),
        ];
      }),
    ];
  });
}

/** Each thing that the shape of a packet says, said otherwise. */
function shapeFaults(caused: CausedExpectation): readonly CausedExpectation[] {
  const {shape} = caused;
  const {tcp, icmp} = shape;
  return [
    {...caused, shape: {...shape, ttl: (shape.ttl ?? 64) - 1}},
    ...(shape.length === undefined
      ? []
      : [{...caused, shape: {...shape, length: shape.length + 1}}]),
    ...(tcp?.flags === undefined
      ? []
      : [{...caused, shape: {...shape, tcp: {...tcp, flags: `${tcp.flags}U`}}}]),
    ...(tcp?.seq === undefined
      ? []
      : [{...caused, shape: {...shape, tcp: {...tcp, seq: tcp.seq + 1}}}]),
    ...(icmp === undefined
      ? []
      : [
          {...caused, shape: {...shape, icmp: {...icmp, type: icmp.type + 1}}},
          {...caused, shape: {...shape, icmp: {...icmp, code: (icmp.code ?? 0) + 1}}},
          {...caused, shape: {...shape, icmp: {...icmp, mtu: (icmp.mtu ?? 0) + 1}}},
        ]),
  ];
}

interface Changed {
  readonly kind: string;
  readonly hops: readonly ExchangeHop[];
}

/** What a hop takes over from the one before stays as it was: so each change is of one hop, or of all behind it. */
function hopFaults({run, expectation}: ExchangeSubject, hops: readonly ExchangeHop[]): Changed[] {
  const nodes = run.topology.nodes.map(({name}) => name);
  const {family} = expectation;
  const addresses = addressNames(run.topology);
  return hops.flatMap((hop, i): Changed[] => {
    const instead = (kind: string, changed: ExchangeHop): Changed => ({
      kind,
      hops: hops.with(i, changed),
    });
    const {source, destination} = parsePair(hop.link, 'mutation');
    const pairs = hop.ip === undefined ? [] : [hop.ip].flat();
    const last = pairs.at(-1);
    const pair = last === undefined ? undefined : parsePair(last, 'mutation');
    const others = (name: string): readonly string[] =>
      addresses.filter(
        other =>
          addressByName(run.topology, other, family) !== undefined &&
          addressByName(run.topology, other, family) !== addressByName(run.topology, name, family),
      );
    return [
      ...nodes.flatMap(name =>
        name === source || name === destination
          ? []
          : [
              instead('link', {...hop, link: `${name} > ${destination}`}),
              instead('link', {...hop, link: `${source} > ${name}`}),
            ],
      ),
      ...(pair === undefined
        ? []
        : [
            ...others(pair.source).map(name =>
              instead('address', {
                ...hop,
                ip: [...pairs.slice(0, -1), `${name} > ${pair.destination}`],
              }),
            ),
            ...others(pair.destination).map(name =>
              instead('address', {...hop, ip: [...pairs.slice(0, -1), `${pair.source} > ${name}`]}),
            ),
          ]),
      ...(hop.ports === undefined ? [] : [instead('port', {...hop, ports: '1 > 2'})]),
      ...(i === 0 ? [] : [instead('ttl', {...hop, ttl: (hop.ttl ?? 0) + 5})]),
      ...(hops.length === 1 ? [] : [{kind: 'hop: removed', hops: hops.toSpliced(i, 1)}]),
      {kind: 'hop: added', hops: hops.toSpliced(i, 0, hop)},
    ];
  });
}
