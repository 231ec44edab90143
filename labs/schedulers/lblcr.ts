import {connections, lab, release} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

export default lab({
  title:
    'lblcr: a destination address has a set of real servers, which grows when they have more connections than their weights',
  claims: ['S-lblcr'],
  topology: 'farm',
  // Several destinations are one service by a firewall mark, as before a farm of caches.
  service: {
    protocol: 'tcp',
    vip: 'VIP',
    port: 80,
    mark: {number: 7, addresses: 5},
    scheduler: 'lblcr',
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
    entries: {proves: ['S-lblcr']},
    answers: {proves: ['S-lblcr']},
    schedule: {proves: ['S-lblcr']},
  },
  counter: [
    {
      claim: 'S-lblcr',
      when: 'the service schedules with lblc',
      change: {scheduler: 'lblc'},
      cause: 'other-scheduler',
    },
  ],
});
