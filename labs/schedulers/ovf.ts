import {connections, edit, lab, release} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

export default lab({
  title: 'ovf: fills the real server of the highest weight up to its weight, then the next',
  claims: ['S-ovf'],
  topology: 'farm',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'ovf'},
  realServers: [
    {node: 'rs1', forward: 'droute', weight: 2},
    {node: 'rs2', forward: 'droute', weight: 4},
    {node: 'rs3', forward: 'droute', weight: 3},
  ],
  traffic: [
    connections({from: 'client', to: 'VIP', connections: 9, hold: 'first'}),
    edit({weights: {rs1: 5}}),
    connections({from: 'client', to: 'VIP', connections: 3, hold: 'second'}),
    release('first'),
    connections({from: 'client', to: 'VIP', connections: 3}),
    release('second'),
  ],
  expect: {
    ...drouteOnOneLan,
    entries: {proves: ['S-ovf']},
    answers: {proves: ['S-ovf']},
    schedule: {proves: ['S-ovf']},
  },
  counter: [
    {
      claim: 'S-ovf',
      when: 'the service schedules with rr',
      change: {scheduler: 'rr'},
      cause: 'other-scheduler',
    },
  ],
});
