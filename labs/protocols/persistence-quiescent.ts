import {connections, edit, lab} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

export default lab({
  title: 'Weight 0 with persistence: a client stays where its template is, new ones do not come',
  claims: ['P-persistence-quiescent'],
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
  // The first client is at rs3, which was added last.
  traffic: [
    connections({from: 'client', to: 'VIP', connections: 2, sources: 2}),
    edit({weights: {rs3: 0}}),
    connections({from: 'client', to: 'VIP', connections: 10, sources: 5}),
  ],
  expect: {
    ...drouteOnOneLan,
    entries: {proves: ['P-persistence-quiescent']},
    answers: {proves: ['P-persistence-quiescent']},
    schedule: {proves: ['P-persistence-quiescent']},
  },
  counter: [
    {
      claim: 'P-persistence-quiescent',
      when: 'net.ipv4.vs.expire_quiescent_template is 1',
      change: {sysctls: {director: {'net.ipv4.vs.expire_quiescent_template': 1}}},
      cause: 'other-quiescent',
    },
  ],
});
