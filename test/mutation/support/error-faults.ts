import {completeErrors} from '../../../src/verdict/error-rules.ts';
import {namesOf} from '../../../src/verdict/names.ts';
import type {ErrorExpectation, ErrorHop, Expectation} from '../../../src/verdict/types.ts';
import type {Fault} from './fault.ts';
import {expecting, linksInstead, pairsInstead, portsInstead} from './hop-faults.ts';
import type {LabSubject} from './subject.ts';

/** Expected ICMP errors, and fragments, of which one thing is said otherwise. */
export const errorFaults = (subject: LabSubject): readonly Fault[] => [
  ...(subject.expectation.errors ?? []).flatMap((error, i) => faultsOfError(subject, error, i)),
  ...(['request', 'reply'] as const).flatMap(direction => mtuFaults(subject, direction)),
];

function faultsOfError(subject: LabSubject, error: ErrorExpectation, i: number): readonly Fault[] {
  const {run, expectation} = subject;
  const errors = expectation.errors ?? [];
  const [rule] = completeErrors([error], run.topology, namesOf(run.topology, expectation));
  const place = `error ${i + 1}`;
  const becomes = (kind: string, where: string, ...instead: readonly ErrorExpectation[]): Fault =>
    expecting(subject, `error: ${kind}`, where, {errors: errors.toSpliced(i, 1, ...instead)});
  const told = (kind: string, change: Partial<ErrorExpectation>): Fault =>
    becomes(kind, place, {...error, ...change});
  const {mtu = 0, quotedTtl = 0, count} = error;
  const hops = error.path.flatMap((hop, at): Fault[] => {
    const effective = rule?.hops[at];
    if (effective === undefined) return [];
    const where = `${place}, hop ${at + 1}: ${hop.link}`;
    const instead = (kind: string, ...path: readonly ErrorHop[]): Fault =>
      becomes(kind, where, {...error, path: error.path.toSpliced(at, 1, ...path)});
    const quotedPorts = effective.quotes.ports;
    const ports = quotedPorts && `${quotedPorts.source} > ${quotedPorts.destination}`;
    const quoted = effective.quotes.ip.map(pair => `${pair.source} > ${pair.destination}`);
    return [
      ...linksInstead(subject, effective).map(link => instead('link', {...hop, link})),
      ...pairsInstead(subject, effective).map(ip => instead('address', {...hop, ip})),
      ...pairsInstead(subject, {...effective, ip: effective.quotes.ip}).map(ip =>
        instead('quoted address', {...hop, quotes: {ip, ...(ports === undefined ? {} : {ports})}}),
      ),
      ...portsInstead({...effective, ports: quotedPorts})
        // Names of ports that the connection has not bound are free.
        .map(one => instead('quoted port', {...hop, quotes: {ip: quoted, ports: one}})),
      ...(at === 0 ? [] : [instead('hop removed'), instead('ttl', {...hop, ttl: 1})]),
      instead('hop added', hop, {link: hop.link}),
    ];
  });
  return [
    becomes('none expected', place),
    told('of the other direction', {of: error.of === 'request' ? 'reply' : 'request'}),
    told('type', {type: error.type ^ 1}),
    told('code', {code: error.code ^ 1}),
    told('mtu', {mtu: mtu + 8}),
    told('size', {over: 65_000}),
    told('quoted TTL', {quotedTtl: quotedTtl === 0 ? -1 : 0}),
    told('quoted bytes', {quotedBytes: 24}),
    told('more', {count: [count[1] + 1, count[1] + 1]}),
    told('fewer', {count: [0, 0]}),
    ...hops,
  ];
}

/** Fragments that are not told of, or for another MTU. */
function mtuFaults(subject: LabSubject, direction: 'request' | 'reply'): readonly Fault[] {
  const hops = subject.expectation[direction];
  return hops.flatMap(({mtu, ...hop}, i) => {
    if (mtu === undefined) return [];
    const instead = (kind: string, become: Expectation['request'][number]): Fault =>
      expecting(subject, kind, `${direction}, hop ${i + 1}: ${hop.link}`, {
        [direction]: hops.with(i, become),
      });
    const others = [mtu].flat();
    return [
      ...(i === 0 ? [instead('fragments: none', hop)] : []),
      instead('fragments: cut smaller', {...hop, mtu: others.map(one => one - 16)}),
      instead('fragments: cut larger', {...hop, mtu: others.map(one => one + 16)}),
    ];
  });
}
