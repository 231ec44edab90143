import {connections, edit, lab} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

export default lab({
  title: 'dh: a destination address has its real server, whatever the client',
  claims: ['S-dh'],
  topology: 'farm',
  // Many destinations are one service by a firewall mark, as before a farm of caches.
  service: {
    protocol: 'tcp',
    vip: 'VIP',
    port: 80,
    mark: {number: 7, addresses: 120},
    scheduler: 'dh',
  },
  realServers: [
    {node: 'rs1', forward: 'droute'},
    {node: 'rs2', forward: 'droute', weight: 5},
    {node: 'rs3', forward: 'droute'},
  ],
  traffic: [
    connections({from: 'client', to: 'VIP', connections: 120, destinations: 120, sources: 7}),
    edit({add: [{node: 'rs4', forward: 'droute'}], remove: ['rs1']}),
    connections({from: 'client', to: 'VIP', connections: 100, destinations: 100, sources: 7}),
  ],
  expect: {
    ...drouteOnOneLan,
    entries: {proves: ['S-dh']},
    answers: {proves: ['S-dh']},
    schedule: {proves: ['S-dh']},
  },
  counter: [
    {
      claim: 'S-dh',
      when: 'the service schedules with sh',
      change: {scheduler: 'sh'},
      cause: 'other-scheduler',
    },
  ],
});
