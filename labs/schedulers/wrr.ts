import {connections, edit, lab} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

export default lab({
  title:
    'wrr: in turn, in proportion to weights; a weight of 0 takes a server out, a change counts at once',
  claims: ['S-wrr'],
  topology: 'farm',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'wrr'},
  realServers: [
    {node: 'rs1', forward: 'droute', weight: 4},
    {node: 'rs2', forward: 'droute', weight: 3},
    {node: 'rs3', forward: 'droute', weight: 2},
    {node: 'rs4', forward: 'droute', weight: 1},
  ],
  traffic: [
    connections({from: 'client', to: 'VIP', connections: 20}),
    edit({weights: {rs1: 0, rs4: 6}}),
    connections({from: 'client', to: 'VIP', connections: 12}),
    edit({remove: ['rs4']}),
    connections({from: 'client', to: 'VIP', connections: 6}),
  ],
  expect: {
    ...drouteOnOneLan,
    entries: {proves: ['S-wrr']},
    answers: {proves: ['S-wrr']},
    schedule: {proves: ['S-wrr']},
  },
  counter: [
    {
      claim: 'S-wrr',
      when: 'the service schedules with rr',
      change: {scheduler: 'rr'},
      cause: 'other-scheduler',
    },
  ],
});
