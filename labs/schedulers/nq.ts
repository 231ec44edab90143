import {connections, lab, release} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

export default lab({
  title: 'nq: an idle real server first, whatever its weight; then as sed',
  claims: ['S-nq'],
  topology: 'farm',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'nq'},
  realServers: [
    {node: 'rs1', forward: 'droute', weight: 1},
    {node: 'rs2', forward: 'droute', weight: 2},
    {node: 'rs3', forward: 'droute', weight: 9},
  ],
  traffic: [
    connections({from: 'client', to: 'VIP', connections: 10, hold: 'first'}),
    release('first'),
    connections({from: 'client', to: 'VIP', connections: 5, hold: 'second'}),
    connections({from: 'client', to: 'VIP', connections: 3}),
    release('second'),
  ],
  expect: {
    ...drouteOnOneLan,
    entries: {proves: ['S-nq']},
    answers: {proves: ['S-nq']},
    schedule: {proves: ['S-nq']},
  },
  counter: [
    {
      claim: 'S-nq',
      when: 'the service schedules with sed',
      change: {scheduler: 'sed'},
      cause: 'other-scheduler',
    },
  ],
});
