import {connections, edit, lab} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

export default lab({
  title: 'expire_quiescent_template: the clients of a real server of weight 0 are scheduled anew',
  claims: ['P-persistence-expire-quiescent'],
  topology: 'farm',
  service: {
    protocol: 'tcp',
    vip: 'VIP',
    port: 80,
    scheduler: 'rr',
    persistence: {timeout: 300},
  },
  realServers: [
    {node: 'rs1', forward: 'droute'},
    {node: 'rs2', forward: 'droute'},
    {node: 'rs3', forward: 'droute'},
  ],
  sysctls: {director: {'net.ipv4.vs.expire_quiescent_template': 1}},
  // The first client is at rs3, which was added last.
  traffic: [
    connections({from: 'client', to: 'VIP', connections: 2, sources: 2}),
    edit({weights: {rs3: 0}}),
    connections({from: 'client', to: 'VIP', connections: 10, sources: 5}),
  ],
  expect: {
    ...drouteOnOneLan,
    entries: {proves: ['P-persistence-expire-quiescent']},
    answers: {proves: ['P-persistence-expire-quiescent']},
    schedule: {proves: ['P-persistence-expire-quiescent']},
  },
  counter: [
    {
      claim: 'P-persistence-expire-quiescent',
      when: 'net.ipv4.vs.expire_quiescent_template is 0',
      change: {sysctls: {director: {'net.ipv4.vs.expire_quiescent_template': 0}}},
      cause: 'other-quiescent',
    },
  ],
});
