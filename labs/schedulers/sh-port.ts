import {connections, edit, lab} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

export default lab({
  title:
    'sh with sh-port and sh-fallback: the source port counts too, and a server that is out has its clients moved',
  claims: ['S-sh'],
  topology: 'farm',
  service: {
    protocol: 'tcp',
    vip: 'VIP',
    port: 80,
    scheduler: 'sh',
    flags: ['sh-port', 'sh-fallback'],
  },
  realServers: [
    {node: 'rs1', forward: 'droute', weight: 1},
    {node: 'rs2', forward: 'droute', weight: 2},
    {node: 'rs3', forward: 'droute', weight: 3},
    {node: 'rs4', forward: 'droute', weight: 2},
  ],
  traffic: [
    connections({from: 'client', to: 'VIP', connections: 100, sources: 20, sourcePort: 20_000}),
    edit({weights: {rs3: 0}}),
    connections({from: 'client', to: 'VIP', connections: 100, sources: 20, sourcePort: 30_000}),
  ],
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
