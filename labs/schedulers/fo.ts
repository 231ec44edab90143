import {connections, edit, lab, release} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

export default lab({
  title:
    'fo: all to the available real server of the highest weight, the next when it is full or out',
  claims: ['S-fo'],
  topology: 'farm',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'fo'},
  realServers: [
    {node: 'rs1', forward: 'droute', weight: 1},
    {node: 'rs2', forward: 'droute', weight: 5, upperThreshold: 3, lowerThreshold: 2},
    {node: 'rs3', forward: 'droute', weight: 3},
  ],
  traffic: [
    connections({from: 'client', to: 'VIP', connections: 5, hold: 'first'}),
    edit({weights: {rs3: 0}}),
    connections({from: 'client', to: 'VIP', connections: 3}),
    release('first'),
    connections({from: 'client', to: 'VIP', connections: 3}),
  ],
  expect: {
    ...drouteOnOneLan,
    entries: {proves: ['S-fo']},
    answers: {proves: ['S-fo']},
    schedule: {proves: ['S-fo']},
  },
  counter: [
    {
      claim: 'S-fo',
      when: 'the service schedules with rr',
      change: {scheduler: 'rr'},
      cause: 'other-scheduler',
    },
  ],
});
