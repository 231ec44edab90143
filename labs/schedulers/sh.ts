import {connections, lab} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

export default lab({
  title:
    'sh: a hash of the source address, weighted; a server that is out leaves its clients refused',
  claims: ['S-sh'],
  topology: 'farm',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'sh'},
  realServers: [
    {node: 'rs1', forward: 'droute', weight: 1},
    {node: 'rs2', forward: 'droute', weight: 2},
    {node: 'rs3', forward: 'droute', weight: 3},
    {node: 'rs4', forward: 'droute', weight: 2},
  ],
  traffic: connections({from: 'client', to: 'VIP', connections: 200, sources: 50}),
  expect: {
    ...drouteOnOneLan,
    entries: {proves: ['S-sh']},
    answers: {proves: ['S-sh']},
    schedule: {proves: ['S-sh']},
  },
  counter: [
    {
      claim: 'S-sh',
      when: 'the service schedules with rr',
      change: {scheduler: 'rr'},
      cause: 'other-scheduler',
    },
  ],
});
