import {withDirector} from '../../../src/verdict/failover/judge.ts';
import {completeHops} from '../../../src/verdict/hops.ts';
import {namesOf} from '../../../src/verdict/names.ts';
import type {Expectation, HopExpectation} from '../../../src/verdict/types.ts';
import type {FactExpectation} from '../../../src/verdict/fact-types.ts';
import type {Fault, Way} from './fault.ts';
import {errorFaults} from './error-faults.ts';
import {exchangeFaults} from './exchange-faults.ts';
import {expecting, linksInstead, pairsInstead, portsInstead} from './hop-faults.ts';
import type {LabSubject, Subject} from './subject.ts';

/** A run that passed, judged by an expectation that says one thing otherwise. */
export function expectationFaults(subject: Subject, ways: readonly Way[]): readonly Fault[] {
  const {expectation} = subject;
  return 'kind' in expectation
    ? exchangeFaults({...subject, expectation})
    : labFaults({...subject, expectation}, ways);
}

const labFaults = (subject: LabSubject, ways: readonly Way[]): readonly Fault[] => [
  ...waysExpected(subject.expectation).flatMap(way => pathFaults(subject, way)),
  ...errorFaults(subject),
  ...countFaults(subject),
  ...neverFaults(subject, ways),
  ...subject.expectation.facts.flatMap((fact, i) => factFaults(subject, fact, i)),
  ...scheduleFaults(subject),
  ...ftpFaults(subject),
];

/** Another number of data connections, and another command. */
function ftpFaults(subject: LabSubject): readonly Fault[] {
  const {ftp} = subject.expectation;
  if (ftp === undefined) return [];
  const {transfers} = ftp;
  return [
    ...[transfers - 1, transfers + 1].map(other =>
      expecting(subject, 'transfers', String(other), {ftp: {...ftp, transfers: other}}),
    ),
    ...(['PASV', 'EPSV', 'PORT', 'EPRT'] as const)
      .filter(command => command !== ftp.command)
      .map(command => expecting(subject, 'command', command, {ftp: {...ftp, command}})),
  ];
}

/** The hops that a lab expects of some packets, and how it would expect others. */
interface WayExpected {
  readonly direction: 'request' | 'reply';
  readonly of: string;
  readonly hops: readonly HopExpectation[];
  readonly become: (hops: readonly HopExpectation[]) => Partial<Expectation>;
}

function waysExpected({request, reply, ftp}: Expectation): readonly WayExpected[] {
  const directions = ['request', 'reply'] as const;
  return [
    ...directions.map(direction => ({
      direction,
      of: direction,
      hops: {request, reply}[direction],
      become: (hops: readonly HopExpectation[]) => ({[direction]: hops}),
    })),
    ...(ftp === undefined
      ? []
      : directions.map(direction => ({
          direction,
          of: `data ${direction}`,
          hops: ftp[direction],
          become: (hops: readonly HopExpectation[]) => ({ftp: {...ftp, [direction]: hops}}),
        }))),
  ];
}

function pathFaults(
  subject: LabSubject,
  {direction, of, hops, become}: WayExpected,
): readonly Fault[] {
  const {expectation, run} = subject;
  const [first] = expectation.failover?.directors ?? [];
  const through = first === undefined ? hops : withDirector(hops, first);
  const whole = completeHops(direction, through, run.topology, namesOf(run.topology, expectation));
  return hops.flatMap((hop, i) => {
    const effective = whole[i];
    if (effective === undefined) return [];
    const place = `${of}, hop ${i + 1}: ${hop.link}`;
    const instead = (kind: string, ...becomes: readonly HopExpectation[]): Fault =>
      expecting(subject, kind, place, become(hops.toSpliced(i, 1, ...becomes)));
    // What the next hop takes over stays as it was.
    const ip = effective.ip.map(({source, destination}) => `${source} > ${destination}`);
    const next = hops[i + 1];
    const keep = (kind: string, other: HopExpectation): Fault =>
      next === undefined
        ? instead(kind, other)
        : expecting(
            subject,
            kind,
            place,
            become(
              hops.toSpliced(i, 2, other, {
                ...next,
                ip: next.ip ?? ip,
                encapsulation: whole[i + 1]?.encapsulation ?? 'none',
              }),
            ),
          );
    return [
      ...linksInstead(subject, effective).map(link => instead('link', {...hop, link})),
      ...pairsInstead(subject, effective).map(pairs => keep('address', {...hop, ip: pairs})),
      ...portsInstead(effective).map(ports => instead('port', {...hop, ports})),
      ...(effective.ttl === undefined
        ? []
        : [-2, -1, 0, 1]
            .filter(ttl => ttl !== effective.ttl)
            .map(ttl => instead('ttl', {...hop, ttl}))),
      ...(['none', 'ipip', 'gre', 'gue'] as const)
        .filter(encapsulation => encapsulation !== effective.encapsulation)
        .map(encapsulation => keep('encapsulation', {...hop, ip, encapsulation})),
      ...(i === 0
        ? next === undefined
          ? []
          : [
              expecting(
                subject,
                'hop: removed',
                place,
                become([{...next, ip: next.ip ?? ip}, ...hops.slice(2)]),
              ),
            ]
        : [instead('hop: removed')]),
      instead('hop: added', hop, {link: hop.link}),
    ];
  });
}

function countFaults(subject: LabSubject): readonly Fault[] {
  const {expectation} = subject;
  const {connections, virtual, realServers, entries} = expectation;
  const used = new Set(subject.run.record.requests.map(({answeredBy}) => answeredBy));
  return [
    expecting(subject, 'connections', 'one more', {connections: connections + 1}),
    expecting(subject, 'connections', 'one less', {connections: connections - 1}),
    expecting(subject, 'service', 'its port', {virtual: {...virtual, port: virtual.port + 1}}),
    expecting(subject, 'service', 'its address', {virtual: {...virtual, address: 'CIP'}}),
    expecting(subject, 'service', 'its protocol', {
      protocol: expectation.protocol === 'tcp' ? 'udp' : 'tcp',
    }),
    ...realServers.flatMap(({node}, i) =>
      used.has(node)
        ? [
            expecting(subject, 'real servers', `without ${node}`, {
              realServers: realServers.toSpliced(i, 1),
            }),
          ]
        : [],
    ),
    ...(entries === undefined
      ? []
      : [expecting(subject, 'entries', 'at the client', {entries: {...entries, node: 'client'}})]),
  ];
}

/** What every node that a direction passes would have to be without. */
function neverFaults(subject: LabSubject, ways: readonly Way[]): readonly Fault[] {
  const seen = new Set(
    ways
      .filter(({isError}) => !isError)
      .flatMap(({hops}) =>
        hops.flatMap(({direction, sender, receiver}) =>
          [sender, receiver].map(({film}) => `${direction} ${subject.films[film]?.node}`),
        ),
      ),
  );
  return [...seen].map(word => {
    const [direction = '', at = ''] = word.split(' ');
    return expecting(subject, 'never', word, {
      never: [
        ...subject.expectation.never,
        {at, direction: direction === 'request' ? 'request' : 'reply'},
      ],
    });
  });
}

function factFaults(subject: LabSubject, fact: FactExpectation, i: number): readonly Fault[] {
  const {facts} = subject.expectation;
  const instead = (become: FactExpectation): Fault =>
    expecting(subject, `fact: ${fact.kind}`, `fact ${i + 1}`, {facts: facts.with(i, become)});
  const others = subject.run.topology.nodes.map(({name}) => name);
  switch (fact.kind) {
    case 'only-in-network':
      return [instead({...fact, nodes: fact.nodes.slice(1)})];
    case 'shared-network':
      return [instead({...fact, kind: 'no-shared-network'})];
    case 'no-shared-network':
      return [instead({...fact, kind: 'shared-network'})];
    case 'gateway':
      return others.filter(node => node !== fact.via).map(via => instead({...fact, via}));
    case 'no-route':
      return [instead({...fact, to: fact.node === 'client' ? 'CIP' : 'DIP'})];
    case 'logged-peer':
      return [instead({...fact, is: fact.not, not: fact.is})];
    case 'arp-answered-only-by':
      return others.filter(node => node !== fact.node).map(node => instead({...fact, node}));
    case 'bytes':
      return [instead({...fact, passes: !fact.passes})];
    default:
      return [];
  }
}

/** A scheduler that gives no connection to the first server, and each server that got some without its weight. */
function scheduleFaults(subject: LabSubject): readonly Fault[] {
  const {schedule, roundRobin} = subject.expectation;
  const used = new Set(subject.run.record.requests.map(({answeredBy}) => answeredBy));
  if (schedule === undefined)
    return used.size > 1 || roundRobin
      ? []
      : [expecting(subject, 'turns', 'rr', {roundRobin: true})];
  const {service, proves} = schedule;
  const instead = (kind: string, place: string, change: Partial<typeof service>): Fault =>
    expecting(subject, kind, place, {schedule: {proves, service: {...service, ...change}}});
  return [
    ...['rr', 'wrr', 'lc', 'wlc', 'sed', 'nq', 'fo', 'ovf', 'sh', 'mh']
      .filter(scheduler => scheduler !== service.scheduler)
      .map(scheduler => instead('scheduler', scheduler, {scheduler})),
    ...service.realServers.flatMap((server, i) => [
      instead('weight', `${server.address}: 0`, {
        realServers: service.realServers.with(i, {...server, weight: 0}),
      }),
      ...(['wrr', 'wlc'].includes(service.scheduler)
        ? [
            instead('weight', `${server.address}: ten times`, {
              realServers: service.realServers.with(i, {...server, weight: server.weight * 10}),
            }),
          ]
        : []),
    ]),
  ];
}
