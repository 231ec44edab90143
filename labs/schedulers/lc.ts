import {connections, lab, release} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

export default lab({
  title: 'lc: the fewest connections, an active one counting as much as 256 inactive ones',
  claims: ['S-lc'],
  topology: 'farm',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'lc'},
  realServers: [
    {node: 'rs1', forward: 'droute', weight: 1},
    {node: 'rs2', forward: 'droute', weight: 1},
    {node: 'rs3', forward: 'droute', weight: 9},
  ],
  traffic: [
    connections({from: 'client', to: 'VIP', connections: 5, hold: 'first'}),
    connections({from: 'client', to: 'VIP', connections: 4}),
    release('first'),
    connections({from: 'client', to: 'VIP', connections: 5, hold: 'second'}),
    connections({from: 'client', to: 'VIP', connections: 3}),
    release('second'),
  ],
  expect: {
    ...drouteOnOneLan,
    entries: {proves: ['S-lc']},
    answers: {proves: ['S-lc']},
    schedule: {proves: ['S-lc']},
  },
  counter: [
    {
      claim: 'S-lc',
      when: 'the service schedules with rr',
      change: {scheduler: 'rr'},
      cause: 'other-scheduler',
    },
  ],
});
