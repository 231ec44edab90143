import {connections, edit, lab} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

export default lab({
  title: 'rr: in turn, whatever the weights; a weight of 0 takes a server out',
  claims: ['S-rr'],
  topology: 'farm',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'droute'},
    {node: 'rs2', forward: 'droute', weight: 9},
    {node: 'rs3', forward: 'droute'},
  ],
  traffic: [
    connections({from: 'client', to: 'VIP', connections: 9}),
    edit({weights: {rs2: 0}}),
    connections({from: 'client', to: 'VIP', connections: 6}),
    edit({weights: {rs2: 1}, add: [{node: 'rs4', forward: 'droute'}], remove: ['rs1']}),
    connections({from: 'client', to: 'VIP', connections: 9}),
  ],
  expect: {
    ...drouteOnOneLan,
    entries: {proves: ['S-rr']},
    answers: {proves: ['S-rr']},
    schedule: {proves: ['S-rr']},
  },
  counter: [
    {
      claim: 'S-rr',
      when: 'the service schedules with sh',
      change: {scheduler: 'sh'},
      cause: 'other-scheduler',
    },
  ],
});
