import {connections, lab} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

export default lab({
  title:
    'Persistence: the connections of one client go to one real server, another client elsewhere',
  claims: ['P-persistence'],
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
  // Four clients in turn over three real servers: without templates none would come to the same one twice in a row.
  traffic: connections({from: 'client', to: 'VIP', connections: 16, sources: 4}),
  expect: {
    ...drouteOnOneLan,
    entries: {proves: ['P-persistence']},
    answers: {proves: ['P-persistence']},
    schedule: {proves: ['P-persistence']},
  },
  counter: [
    {
      claim: 'P-persistence',
      when: 'the service is not persistent',
      change: {service: {persistence: undefined}},
      cause: 'other-persistence',
    },
  ],
});
