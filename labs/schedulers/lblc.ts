import {connections, lab, release} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

export default lab({
  title:
    'lblc: a destination address keeps its real server until that has more connections than its weight',
  claims: ['S-lblc'],
  topology: 'farm',
  // Several destinations are one service by a firewall mark, as before a farm of caches.
  service: {
    protocol: 'tcp',
    vip: 'VIP',
    port: 80,
    mark: {number: 7, addresses: 5},
    scheduler: 'lblc',
  },
  realServers: [
    {node: 'rs1', forward: 'droute', weight: 3},
    {node: 'rs2', forward: 'droute', weight: 2},
    {node: 'rs3', forward: 'droute', weight: 3},
    {node: 'rs4', forward: 'droute', weight: 4},
  ],
  traffic: [
    connections({from: 'client', to: 'VIP', connections: 6, destinations: 2}),
    connections({from: 'client', to: 'VIP', connections: 14, destinations: 2, hold: 'first'}),
    connections({from: 'client', to: 'VIP', connections: 10, destinations: 5}),
    release('first'),
    connections({from: 'client', to: 'VIP', connections: 10, destinations: 5}),
  ],
  expect: {
    ...drouteOnOneLan,
    entries: {proves: ['S-lblc']},
    answers: {proves: ['S-lblc']},
    schedule: {proves: ['S-lblc']},
  },
  counter: [
    {
      claim: 'S-lblc',
      when: 'the service schedules with lblcr',
      change: {scheduler: 'lblcr'},
      cause: 'other-scheduler',
    },
  ],
});
