import {connections, edit, lab, release} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

export default lab({
  title: 'wlc: the fewest connections for its weight; a weight change counts at once',
  claims: ['S-wlc'],
  topology: 'farm',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'wlc'},
  realServers: [
    {node: 'rs1', forward: 'droute', weight: 4},
    {node: 'rs2', forward: 'droute', weight: 2},
    {node: 'rs3', forward: 'droute', weight: 1},
    {node: 'rs4', forward: 'droute', weight: 1},
  ],
  traffic: [
    connections({from: 'client', to: 'VIP', connections: 10, hold: 'first'}),
    edit({weights: {rs1: 0, rs4: 8}}),
    connections({from: 'client', to: 'VIP', connections: 8, hold: 'second'}),
    connections({from: 'client', to: 'VIP', connections: 4}),
    release('first'),
    connections({from: 'client', to: 'VIP', connections: 6}),
    release('second'),
  ],
  expect: {
    ...drouteOnOneLan,
    entries: {proves: ['S-wlc']},
    answers: {proves: ['S-wlc']},
    schedule: {proves: ['S-wlc']},
  },
  counter: [
    {
      claim: 'S-wlc',
      when: 'the service schedules with rr',
      change: {scheduler: 'rr'},
      cause: 'other-scheduler',
    },
  ],
});
