import {parseListing} from '../ipvs/listing.ts';
import type {ListedService} from '../ipvs/types.ts';
import type {Case} from './case.ts';
import {frameLine, type Finding} from './finding.ts';
import {isReset} from '../wire/packet.ts';
import {readPrinted} from './printed.ts';

/** What is wrong with the options of the service, as the director lists it. */
export function fromService(judged: Case): readonly Finding[] {
  return [
    otherScheduler(judged),
    otherOnePacket(judged),
    otherPersistence(judged),
    ['other-quiescent', otherQuiescent(judged)],
    ['not-marked', answered(judged)],
  ];
}

function otherScheduler(judged: Case): Finding {
  const expected = judged.expectation.schedule?.service.scheduler;
  const others = listed(judged)
    .map(({scheduler}) => scheduler)
    .filter(name => name !== expected);
  return [
    'other-scheduler',
    expected === undefined || others.length === 0 ? [] : [`ipvsadm -Ln shows ${others.join(', ')}`],
    `the service schedules with ${others.join(', ')}, not ${expected}`,
  ];
}

function otherOnePacket(judged: Case): Finding {
  const expected = judged.expectation.schedule?.service.onePacket;
  const others = listed(judged).filter(({onePacket}) => onePacket !== expected);
  return [
    'other-one-packet',
    expected === undefined
      ? []
      : others.map(({onePacket}) => `ipvsadm -Ln shows ${onePacket ? 'ops' : 'no ops'}`),
    expected === true
      ? 'the service keeps connection entries, where the lab expects one-packet scheduling (-o)'
      : 'the service schedules each datagram anew (-o), which the lab does not expect',
  ];
}

function otherPersistence(judged: Case): Finding {
  const service = judged.expectation.schedule?.service;
  const expected = words(service?.persistence);
  const others = listed(judged)
    .map(({persistence}) => words(persistence))
    .filter(found => found !== expected);
  return [
    'other-persistence',
    service === undefined ? [] : others.map(found => `ipvsadm -Ln shows ${found}`),
    `the service is ${others.join(', ')}, not ${expected}`,
  ];
}

/** The collected sysctl against what the lab expects of templates at quiescent real servers. */
function otherQuiescent({expectation: {schedule}, run}: Case): readonly string[] {
  if (schedule?.service.persistence === undefined) return [];
  const expected = schedule.expireQuiescent === true ? '1' : '0';
  return run.topology.nodes.flatMap(({name, role}) => {
    const line = /^net\.ipv4\.vs\.expire_quiescent_template = (\d+)$/m.exec(
      run.text(name, 'sysctl'),
    );
    return role !== 'director' || line === null || line[1] === expected
      ? []
      : [`${name}: ${line[0]}`];
  });
}

/** An RST by which a director says itself, as VIP, that nothing listens: no service took the connection. */
function answered(judged: Case): readonly string[] {
  if (judged.expectation.schedule?.service.key.kind !== 'fwmark') return [];
  const {nodes} = judged.run.topology;
  const directors = new Set<string | undefined>(
    nodes.filter(({role}) => role === 'director').map(({name}) => name),
  );
  return judged.connections
    .flatMap(({reply}) => reply)
    .filter(({origin}) => directors.has(origin))
    .flatMap(({crossings}) => crossings[0] ?? [])
    .filter(({any}) => isReset(any.packet))
    .map(frameLine(judged));
}

/** A netmask of all bits is the default, and is not listed. */
const words = (persistence: ListedService['persistence']): string =>
  persistence === undefined
    ? 'not persistent'
    : `persistent ${persistence.timeout}${persistence.netmask === undefined ? '' : ` mask ${persistence.netmask}`}`;

/** The services of the directors; what is no listing shows nothing. */
function listed({run}: Case): readonly ListedService[] {
  return run.topology.nodes.flatMap(({name, role}) =>
    role === 'director'
      ? (readPrinted(() => parseListing(run.text(name, 'ipvsadm-Ln'))) ?? [])
      : [],
  );
}
