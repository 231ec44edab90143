import {connections, lab} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

export default lab({
  title: "mh: Maglev's table, by the source address",
  claims: ['S-mh'],
  topology: 'farm',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'mh'},
  realServers: [
    {node: 'rs1', forward: 'droute', weight: 1},
    {node: 'rs2', forward: 'droute', weight: 2},
    {node: 'rs3', forward: 'droute', weight: 3},
    {node: 'rs4', forward: 'droute', weight: 2},
  ],
  traffic: connections({from: 'client', to: 'VIP', connections: 200, sources: 50}),
  expect: {
    ...drouteOnOneLan,
    entries: {proves: ['S-mh']},
    answers: {proves: ['S-mh']},
    schedule: {proves: ['S-mh']},
  },
  counter: [
    {
      claim: 'S-mh',
      when: 'the service schedules with rr',
      change: {scheduler: 'rr'},
      cause: 'other-scheduler',
    },
  ],
});
