import {connections, edit, lab, release} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

// Debian's kernels leave twos out: on them this lab is SKIP. It chooses at random, so the lab proves shares, not choices.
export default lab({
  title: 'twos: of two real servers that are drawn by weight, the one with less load',
  claims: ['S-twos'],
  topology: 'farm',
  needs: ['scheduler-twos'],
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'twos'},
  realServers: [
    {node: 'rs1', forward: 'droute', weight: 1},
    {node: 'rs2', forward: 'droute', weight: 2},
    {node: 'rs3', forward: 'droute', weight: 12},
    {node: 'rs4', forward: 'droute', weight: 1},
  ],
  traffic: [
    connections({from: 'client', to: 'VIP', connections: 60, hold: 'first'}),
    connections({from: 'client', to: 'VIP', connections: 80}),
    edit({weights: {rs4: 0}}),
    connections({from: 'client', to: 'VIP', connections: 60}),
    release('first'),
  ],
  expect: {
    ...drouteOnOneLan,
    entries: {proves: ['S-twos']},
    answers: {proves: ['S-twos']},
    schedule: {proves: ['S-twos']},
  },
  counter: [
    {
      claim: 'S-twos',
      when: 'the service schedules with rr',
      change: {scheduler: 'rr'},
      cause: 'other-scheduler',
    },
  ],
});
