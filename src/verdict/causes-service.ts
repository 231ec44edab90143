import {InputError} from '../problem.ts';
import {parseListing} from '../ipvs/listing.ts';
import type {ListedService} from '../ipvs/types.ts';
import type {Case} from './case.ts';
import type {Finding} from './finding.ts';

/** What is wrong with the options of the service, as the director lists it. */
export function fromService(judged: Case): readonly Finding[] {
  return [otherOnePacket(judged)];
}

function otherOnePacket(judged: Case): Finding {
  const expected = judged.expectation.schedule?.service.onePacket;
  const others = listed(judged).filter(({onePacket}) => onePacket !== expected);
  const words = (onePacket: boolean): string => (onePacket ? 'ops' : 'no ops');
  return [
    'other-one-packet',
    expected === undefined
      ? []
      : others.map(({onePacket}) => `ipvsadm -Ln shows ${words(onePacket)}`),
    expected === true
      ? 'the service keeps connection entries, where the lab expects one-packet scheduling (-o)'
      : 'the service schedules each datagram anew (-o), which the lab does not expect',
  ];
}

/** The services of the directors; what is no listing shows nothing. */
function listed({run}: Case): readonly ListedService[] {
  return run.topology.nodes.flatMap(({name, role}) => {
    if (role !== 'director') return [];
    try {
      return parseListing(run.text(name, 'ipvsadm-Ln'));
    } catch (error) {
      if (error instanceof InputError) return [];
      throw error;
    }
  });
}
