import {connections, lab, release} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

export default lab({
  title: 'sed: the shortest expected delay, (active + 1) / weight',
  claims: ['S-sed'],
  topology: 'farm',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'sed'},
  realServers: [
    {node: 'rs1', forward: 'droute', weight: 1},
    {node: 'rs2', forward: 'droute', weight: 2},
    {node: 'rs3', forward: 'droute', weight: 4},
  ],
  traffic: [
    connections({from: 'client', to: 'VIP', connections: 10, hold: 'first'}),
    connections({from: 'client', to: 'VIP', connections: 4}),
    release('first'),
    connections({from: 'client', to: 'VIP', connections: 6, hold: 'second'}),
    release('second'),
  ],
  expect: {
    ...drouteOnOneLan,
    entries: {proves: ['S-sed']},
    answers: {proves: ['S-sed']},
    schedule: {proves: ['S-sed']},
  },
  counter: [
    {
      claim: 'S-sed',
      when: 'the service schedules with rr',
      change: {scheduler: 'rr'},
      cause: 'other-scheduler',
    },
  ],
});
